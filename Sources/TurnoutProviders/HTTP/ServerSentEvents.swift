/// Cuts a stream of bytes into server-sent events (the WHATWG's `text/event-stream`), however the bytes are split.
///
/// A value: bytes go in, the data of finished events comes out. Lines end in LF, CR or CRLF; comments and fields other
/// than `data` are passed over; several `data` lines are joined by LF.
///
/// ```swift
/// var events = ServerSentEvents()
/// try events.feed(Array("data: {\"a\":1}\n\n".utf8)) { data in … }   // {"a":1}
/// ```
public struct ServerSentEvents: Sendable {
  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var hasData = false
  private var endedInReturn = false
  private var isFirstLine = true
  private let limit: Int

  /// The stream sent an event that is longer than the limit.
  public struct TooLong: Error, Sendable {}

  /// A parser at the beginning of a stream.
  /// - Parameter limit: the most bytes of one event.
  public init(limit: Int = 16 << 20) { self.limit = limit }

  /// Takes the next bytes and calls the closure with the data of each event they complete.
  /// - Throws: ``TooLong``; what the closure throws.
  public mutating func feed(
    _ bytes: UnsafeRawBufferPointer, _ event: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var start = 0
    var position = 0
    // The second half of a CRLF may come with the next bytes.
    if endedInReturn, !bytes.isEmpty {
      endedInReturn = false
      if bytes[0] == 0x0A { (start, position) = (1, 1) }
    }
    while true {
      position = Self.lineEnd(bytes, from: position)
      guard position < bytes.count else { break }
      let byte = bytes[position]
      try finishLine(UnsafeRawBufferPointer(rebasing: bytes[start..<position]), event)
      position += 1
      if byte == 0x0D {
        if position == bytes.count { endedInReturn = true } else if bytes[position] == 0x0A { position += 1 }
      }
      start = position
    }
    if start < bytes.count {
      line.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[start...]))
      try check()
    }
  }

  /// Takes the next bytes; for tests and small texts.
  public mutating func feed(_ bytes: [UInt8], _ event: (UnsafeRawBufferPointer) throws -> Void) throws {
    try bytes.withUnsafeBytes { try feed($0, event) }
  }

  /// The place of the next CR or LF, or the end. Eight bytes at a time: most of a stream is long lines.
  private static func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    var position = start
    while position + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let (feeds, returns) = (word ^ 0x0A0A_0A0A_0A0A_0A0A, word ^ 0x0D0D_0D0D_0D0D_0D0D)
      // A byte of zero borrows from above, which sets its highest bit.
      let found = ((feeds &- ones) & ~feeds | (returns &- ones) & ~returns) & highest
      if found != 0 { return position + found.trailingZeroBitCount / 8 }
      position += 8
    }
    while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D { position += 1 }
    return position
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highest: UInt64 = 0x8080_8080_8080_8080

  private mutating func finishLine(
    _ rest: UnsafeRawBufferPointer, _ event: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    if line.isEmpty { return try take(rest, event) }
    line.append(contentsOf: rest)
    var whole: [UInt8] = []
    swap(&whole, &line)
    try whole.withUnsafeBytes { try take($0, event) }
    whole.removeAll(keepingCapacity: true)
    swap(&whole, &line)
  }

  private mutating func take(
    _ line: UnsafeRawBufferPointer, _ event: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var line = line
    if isFirstLine {
      isFirstLine = false
      // A byte order mark may stand before everything else.
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = UnsafeRawBufferPointer(rebasing: line[3...]) }
    }
    if line.isEmpty {
      defer {
        data.removeAll(keepingCapacity: true)
        hasData = false
      }
      if hasData { try data.withUnsafeBytes(event) }
      return
    }
    guard line.count >= 4, line[0] == 0x64, line[1] == 0x61, line[2] == 0x74, line[3] == 0x61 else { return }
    var start = 4
    if line.count > 4 {
      guard line[4] == 0x3A else { return }
      start = line.count > 5 && line[5] == 0x20 ? 6 : 5
    }
    if hasData { data.append(0x0A) }
    data.append(contentsOf: UnsafeRawBufferPointer(rebasing: line[start...]))
    hasData = true
    try check()
  }

  private func check() throws {
    if line.count + data.count > limit { throw TooLong() }
  }
}
