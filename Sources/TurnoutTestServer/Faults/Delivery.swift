import NIOHTTP1
import TurnoutCore

/// What is sent for one request, step by step, down to the bytes of the connection.
struct Delivery: Sendable {
  enum Step: Sendable {
    case bytes([UInt8])
    /// So many times the same bytes.
    case repeated([UInt8], Int)
    case wait(@Sendable () async throws -> Void)
    /// Nothing more, until the client goes away.
    case stall
    case close, reset
  }

  var steps: [Step] = []

  /// An answer as the script gives it, byte by byte.
  init(_ raw: RawAnswer, closing: Bool) {
    // Who promises a length means it, whether or not it is true.
    let isFramed = raw.headers.contains { ["content-length", "transfer-encoding"].contains($0.0.lowercased()) }
    let isChunked = !isFramed && !raw.steps.isEmpty
    let length = isFramed || isChunked ? nil : 0
    steps.append(
      .bytes(Self.head(raw.status, raw.headers, length: length, isChunked: isChunked, closing: closing)))
    for step in raw.steps {
      switch step {
      case .bytes(let bytes): steps.append(.bytes(isChunked ? Self.chunk(bytes) : bytes))
      case .wait(let wait): steps.append(.wait(wait))
      case .close: steps.append(.close)
      case .reset: steps.append(.reset)
      }
    }
    if isChunked { steps.append(.bytes(Self.end)) }
    if closing { steps.append(.close) }
  }

  /// A reply with what goes wrong about it.
  init(_ reply: WireReply, _ fault: Fault?, seed: UInt64, closing: Bool) {
    var random = SplitMix64(seed: seed)
    var pieces = reply.pieces
    var headers = reply.headers
    switch fault {
    case .earlyEnd:
      let whole = Array(pieces.joined())
      pieces = reply.isStream ? Array(pieces.prefix(pieces.count / 2)) : [Array(whole.prefix(whole.count / 2))]
    case .garbage: pieces = Self.garbage(isStream: reply.isStream, &random)
    case .duplicateEvents where reply.isStream: pieces = pieces.flatMap { [$0, $0] }
    case .gzip:
      headers.append(("content-encoding", "gzip"))
      pieces = [StoredGzip.bytes(Array(pieces.joined()))]
    case .singleBytes: pieces = pieces.joined().map { [$0] }
    case .splitCharacters: pieces = Self.split(Array(pieces.joined()), &random)
    case .blank(let bytes):
      let line = reply.isStream ? Self.comment : [UInt8](repeating: 0x20, count: Self.comment.count)
      let count = max(1, bytes / line.count)
      steps = [.bytes(Self.head(reply.status, headers, length: count * line.count, isChunked: false, closing: closing))]
      steps.append(.repeated(line, count))
      if closing { steps.append(.close) }
      return
    default: break
    }
    let isChunked = reply.isStream
    let length = isChunked ? nil : pieces.reduce(0) { $0 + $1.count }
    let head = Self.head(reply.status, headers, length: length, isChunked: isChunked, closing: closing)
    let body = pieces.map { isChunked ? Self.chunk($0) : $0 }
    let half = body.count > 1 ? body.prefix(body.count / 2) : body.map { $0.prefix($0.count / 2) }.map(Array.init)[...]
    func sent(_ place: Fault.Place) -> [Step] {
      switch place {
      case .beforeHeaders: []
      case .inHeaders: [.bytes(Array(head.prefix(head.count / 2)))]
      case .afterHeaders: [.bytes(head)] + half.map { .bytes($0) }
      }
    }
    switch fault {
    case .reset(let place): steps = sent(place) + [.reset]
    case .stall(let place): steps = sent(place) + [.stall]
    case .truncation: steps = sent(.afterHeaders) + [.close]
    default:
      steps = [.bytes(head)] + body.map { .bytes($0) } + (isChunked ? [.bytes(Self.end)] : [])
      if closing { steps.append(.close) }
    }
  }

  private static let end = Array("0\r\n\r\n".utf8)
  /// A comment of 64 KiB.
  private static let comment = Array(":".utf8) + [UInt8](repeating: 0x20, count: 65_533) + Array("\n\n".utf8)

  private static func head(
    _ status: Int, _ headers: [(String, String)], length: Int?, isChunked: Bool, closing: Bool
  ) -> [UInt8] {
    let reason = HTTPResponseStatus(statusCode: status).reasonPhrase
    var text = "HTTP/1.1 \(status) \(reason)\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    if let length { text += "content-length: \(length)\r\n" }
    if isChunked { text += "transfer-encoding: chunked\r\n" }
    return Array((text + (closing ? "connection: close\r\n\r\n" : "\r\n")).utf8)
  }

  private static func chunk(_ bytes: [UInt8]) -> [UInt8] {
    // A chunk of nothing would be the end.
    bytes.isEmpty ? [] : Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
  }

  private static func garbage(isStream: Bool, _ random: inout SplitMix64) -> [[UInt8]] {
    let noise = (0..<200).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    let broken = Array(#"{"id":"x","choices":[{"#.utf8) + noise
    return isStream ? [Array("data: ".utf8) + broken.filter { $0 != 10 && $0 != 13 } + [10, 10]] : [broken]
  }

  /// Cuts before every byte that continues a character, and at random.
  private static func split(_ bytes: [UInt8], _ random: inout SplitMix64) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var piece: [UInt8] = []
    for byte in bytes {
      if !piece.isEmpty, byte & 0xC0 == 0x80 || Int.random(in: 0..<12, using: &random) == 0 {
        pieces.append(piece)
        piece = []
      }
      piece.append(byte)
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }
}
