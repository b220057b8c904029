import NIOCore
import NIOHTTP1
import Testing
import TurnoutCore

@testable import TurnoutProviders
@testable import TurnoutTestServer

/// Nobody asks a server to compress, and proxies on the way do it all the same.
@Suite struct CompressionTests {
  private func reply(_ body: [UInt8], type: String) -> Reply {
    Reply(
      headers: [
        ("content-type", type), ("content-encoding", "gzip"), ("content-length", String(body.count)),
      ], steps: [.bytes(body)])
  }

  @Test func `A compressed answer is read, whole and streamed`() async throws {
    let answer = ServedAnswer.text("It costs 499.").with(.gzip)
    try await ModelServer.serve([answer, answer]) { server in
      let model = OpenAIChatModel("m", at: OpenAIEndpoint(provider: "test", baseURL: server.url + "/v1"))
      let whole = try await model.respond(to: .hello, in: Run(), onDelta: nil)
      #expect(whole.text == "It costs 499.")
      #expect(whole.usage.inputTokens > 0)
      let streamed = try await model.respond(to: .hello, in: Run(), onDelta: Pieces().handler)
      #expect(streamed.text == "It costs 499.")
    }
  }

  @Test func `What unpacks is gone with the answer`() async throws {
    var decoder: ContentDecoder? = try await ContentDecoder(.ok, ["content-encoding": "gzip"], limit: 1_024)
    let isGone = try #require(decoder).isGone
    let piece = try await decoder?.unpack(ByteBuffer(bytes: StoredGzip.bytes([1, 2, 3])))
    #expect(piece == ByteBuffer(bytes: [1, 2, 3]))
    decoder = nil
    try await isGone.get()
  }

  @Test func `A compressed refusal says what is wrong`() async throws {
    let body = StoredGzip.bytes([UInt8](#"{"error":{"message":"no such voice"}}"#.utf8))
    let headers = [("content-encoding", "gzip"), ("content-length", String(body.count))]
    try await withServer(Reply(status: 400, headers: headers, steps: [.bytes(body)])) { server in
      let error = try await modelError { try await server.ask() }
      #expect(error.label == "refused")
      #expect(error.description.hasSuffix("no such voice"), "\(error)")
    }
  }

  @Test func `A small body that holds more than may be read is an error`() async throws {
    let bomb = DeflatedSpaces.gzip(runs: 80 << 12)
    #expect(bomb.count < 1 << 20)
    try await withServer(reply(bomb, type: "application/json")) { server in
      let error = try await modelError { try await server.ask() }
      #expect(error.label == "malformed")
      #expect(error.description == "test: the answer is larger than 64 MiB")
    }
  }

  @Test(arguments: [[UInt8]("{}".utf8), [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 7, 7, 7, 7]])
  func `What is called compressed and is not is an error`(body: [UInt8]) async throws {
    try await withServer(reply(body, type: "application/json")) { server in
      let error = try await modelError { try await server.ask() }
      #expect(error.label == "malformed", "\(error)")
    }
  }
}

/// Very many spaces in a few bytes: RFC 1951's fixed codes, a literal and then copies of the byte before.
private enum DeflatedSpaces {
  static func gzip(runs: Int) -> [UInt8] {
    var bytes: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var (pending, count): (UInt32, UInt32) = (0, 0)
    func write(_ bits: UInt32, _ length: UInt32) {
      pending |= bits << count
      count += length
      while count >= 8 {
        bytes.append(UInt8(truncatingIfNeeded: pending))
        pending >>= 8
        count -= 8
      }
    }
    func code(_ value: UInt32, _ length: UInt32) {
      // Codes are written from their highest bit on.
      write((0..<length).reduce(0) { $0 | (value >> $1 & 1) << (length - 1 - $1) }, length)
    }
    write(0b011, 3)  // the last block, of fixed codes
    code(0x30 + 0x20, 8)  // a space
    for _ in 0..<runs {
      code(0b1100_0101, 8)  // 258 bytes
      code(0, 5)  // from one byte before
    }
    code(0, 7)  // the end
    write(0, 7)
    return bytes + [UInt8](repeating: 0, count: 8)
  }
}
