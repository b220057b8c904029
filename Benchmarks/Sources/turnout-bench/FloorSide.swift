import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix

/// The same work by hand: the same client, requests put together from constant text, answers read by a scanner made for them. What a careful engineer would write who needs nothing but this.
struct FloorSide: Sendable {
  private let client: HTTPClient
  private let url: String

  init(_ client: HTTPClient, port: Int, plan: String) {
    self.client = client
    url = "http://127.0.0.1:\(port)/\(plan)/v1/chat/completions"
  }

  func run(_ row: Row) async throws {
    let good: [Bool]
    switch row.work {
    case .calls, .cold:
      good = try await each(row.count, atMost: row.inFlight) {
        try await call(FloorRequest.answer(Asked.prompt($0))) == Expected.text
      }
    case .routes:
      good = try await each(row.count, atMost: row.inFlight) {
        let prompt = Asked.prompt($0)
        let choice = try FloorJSON.route(try await call(FloorRequest.decision(prompt)))
        let text = try await call(FloorRequest.answer(prompt))
        return choice == "consult" && text == Expected.text
      }
    case .streams(let pieces):
      let expected = Expected.stream(pieces)
      good = try await each(row.count, atMost: row.inFlight) {
        let seen = Seen()
        let text = try await stream(FloorRequest.answer(Asked.prompt($0), streams: true)) { seen.add($0) }
        return text == expected && seen.count == expected.utf8.count
      }
    }
    guard good.count == row.count, good.allSatisfy({ $0 }) else { throw WrongAnswer(row: row.name) }
  }

  /// Several at once, results in order.
  private func each<Result: Sendable>(
    _ count: Int, atMost bound: Int, _ body: @escaping @Sendable (Int) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results = [Result?](repeating: nil, count: count)
      for index in 0..<count {
        if index >= bound, let (done, result) = try await group.next() { results[done] = result }
        group.addTask { (index, try await body(index)) }
      }
      for try await (done, result) in group { results[done] = result }
      return results.compactMap { $0 }
    }
  }

  private func send(_ body: [UInt8]) async throws -> HTTPClientResponse {
    var request = HTTPClientRequest(url: url)
    request.method = .POST
    request.headers.add(name: "content-type", value: "application/json")
    request.headers.add(name: "accept", value: "application/json, text/event-stream")
    request.headers.add(name: "user-agent", value: "floor")
    request.body = .bytes(ByteBuffer(bytes: body))
    let response = try await client.execute(request, timeout: .seconds(600))
    guard response.status == .ok else { throw FloorError.status(response.status.code) }
    return response
  }

  private func call(_ body: [UInt8]) async throws -> String {
    let answer = try await send(body).body.collect(upTo: 64 << 20)
    return try answer.withUnsafeReadableBytes { try FloorJSON.content($0) }
  }

  private func stream(_ body: [UInt8], _ piece: @Sendable (String) async -> Void) async throws -> String {
    let response = try await send(body)
    var text = ""
    var rest: [UInt8] = []
    for try await buffer in response.body {
      var added = ""
      try buffer.withUnsafeReadableBytes { try Self.lines($0, &rest) { added += try FloorJSON.piece($0) } }
      if !added.isEmpty {
        text += added
        await piece(added)
      }
    }
    return text
  }

  /// Calls the closure with the data of each line; a line that is not whole yet waits in `rest`.
  private static func lines(
    _ bytes: UnsafeRawBufferPointer, _ rest: inout [UInt8], _ data: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var start = 0
    while let end = bytes[start...].firstIndex(of: 0x0A) {
      if rest.isEmpty {
        try line(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), data)
      } else {
        rest.append(contentsOf: bytes[start..<end])
        try rest.withUnsafeBytes { try line($0, data) }
        rest.removeAll(keepingCapacity: true)
      }
      start = end + 1
    }
    if start < bytes.count { rest.append(contentsOf: bytes[start...]) }
  }

  private static func line(_ line: UnsafeRawBufferPointer, _ data: (UnsafeRawBufferPointer) throws -> Void) throws {
    // `data: ` and something, which is not the `[DONE]` of the end.
    guard line.count > 6, line[0] == 0x64, line[4] == 0x3A, line[6] != 0x5B else { return }
    try data(UnsafeRawBufferPointer(rebasing: line[6...]))
  }
}

enum FloorError: Error {
  case status(UInt)
  case json
}

/// The client of the floor.
enum FloorClient {
  /// With no more settings than the rows need.
  static let asItComes = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)

  /// With what Turnout sets too: no spans of its own, and one event loop, since the measured process has one processor.
  static let tuned: HTTPClient = {
    var configuration = Self.configuration
    configuration.tracing.tracer = nil
    return HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton.any(), configuration: configuration)
  }()

  private static var configuration: HTTPClient.Configuration {
    var configuration = HTTPClient.Configuration()
    configuration.timeout.connect = .seconds(10)
    configuration.timeout.read = .seconds(300)
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16_384
    configuration.connectionPool.retryConnectionEstablishment = false
    configuration.redirectConfiguration = .disallow
    return configuration
  }
}
