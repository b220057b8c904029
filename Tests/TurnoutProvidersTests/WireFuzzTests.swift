import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing
import TurnoutTesting

@testable import TurnoutCore
@testable import TurnoutProviders

/// Whatever a server sends, nothing traps: texts out of the corpus in `Tests/Fixtures/fuzz`, changed at random.
///
/// Each target has a second; `TURNOUT_FUZZ_SECONDS=600 swift test --filter WireFuzzTests` gives it ten minutes.
@Suite struct WireFuzzTests {
  private static let corpus: [[UInt8]] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/fuzz")
    let files = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.sorted { $0.path < $1.path }.compactMap { try? Data(contentsOf: $0) }.map(Array.init)
  }()

  private static let seconds = ProcessInfo.processInfo.environment["TURNOUT_FUZZ_SECONDS"].flatMap(Double.init) ?? 1

  /// Changes a text of the corpus, or puts two together.
  private static func mutated(_ random: inout SplitMix64) -> [UInt8] {
    func pick() -> [UInt8] { corpus[random.int(0...corpus.count - 1)] }
    var bytes = pick()
    for _ in 0..<random.int(0...6) {
      let place = bytes.isEmpty ? 0 : random.int(0...bytes.count - 1)
      switch random.int(0...6) {
      case 0: if !bytes.isEmpty { bytes[place] = UInt8(random.int(0...255)) }
      case 1: bytes.insert(UInt8(random.int(0...255)), at: place)
      case 2: bytes.removeSubrange(place..<min(bytes.count, place + random.int(0...40)))
      case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + random.int(0...60))], at: place)
      case 4:
        let other = pick()
        let from = other.isEmpty ? 0 : random.int(0...other.count - 1)
        bytes.insert(contentsOf: other[from..<min(other.count, from + 80)], at: place)
      case 5:
        let words = ["null", "-1e999", "\"\\ud800\"", "{", "[[[[", "\r\n\r\n", "data:", "9223372036854775808", "\u{0}"]
        bytes.insert(contentsOf: Array(words[random.int(0...words.count - 1)].utf8), at: place)
      default: bytes = Array(bytes.prefix(place))
      }
    }
    return bytes
  }

  private func fuzz(_ seed: Int, _ body: (inout SplitMix64, [UInt8]) throws -> Void) {
    #expect(!Self.corpus.isEmpty, "the corpus is not where it should be")
    var random = SplitMix64(seed: UInt64(seed))
    let end = ContinuousClock.now + .seconds(Self.seconds)
    var count = 0
    while ContinuousClock.now < end {
      for _ in 0..<50 {
        let bytes = Self.mutated(&random)
        try? body(&random, bytes)
        count += 1
      }
    }
    #expect(count >= 50)
  }

  @Test func `Server-sent events, however they are cut`() {
    fuzz(1) { random, bytes in
      func events(_ cuts: Int) -> [[UInt8]]? {
        var parser = ServerSentEvents(limit: 4_096)
        var found: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
          let count = cuts == 0 ? rest.count : min(rest.count, random.int(1...cuts))
          do { try parser.feed(Array(rest.prefix(count))) { found.append(Array($0)) } } catch { return nil }
          rest = rest.dropFirst(count)
        }
        return found
      }
      #expect(events(0) == events(7), "the same events wherever the bytes are cut")
    }
  }

  @Test func `JSON is read, and what was read is written so that it reads the same`() {
    fuzz(2) { _, bytes in
      let value = try Value(json: bytes)
      // A number too small to be told from nothing is written as nothing; from then on nothing changes.
      let text = value.json()
      #expect(try Value(json: text).json() == text)
      #expect(try Value(json: value.json(pretty: true)).json() == text)
    }
  }

  @Test func `Answers of every wire`() {
    let endpoint = ModelEndpoint(provider: "test", baseURL: "http://127.0.0.1")
    fuzz(3) { random, bytes in
      let isWhole = random.int(1...100) <= 30
      var assembly: any AnswerAssembly =
        switch random.int(0...3) {
        case 0: AnthropicAnswer(endpoint, author: "anthropic test:x")
        case 1: GeminiAnswer(endpoint, author: "gemini")
        case 2: ResponsesAnswer(OpenAIEndpoint(endpoint), author: "responses")
        default: OpenAIAnswer(OpenAIEndpoint(endpoint), author: "chat", wantsTokens: true)
        }
      if isWhole {
        try bytes.withUnsafeBytes { try assembly.take(whole: $0) }
      } else {
        var deltas = DeltaBatch()
        var parser = ServerSentEvents()
        // An event that is no JSON does not keep those after it from being read.
        try parser.feed(bytes) { try? assembly.take(event: $0, into: &deltas) }
      }
      _ = try assembly.response()
    }
  }

  @Test func `Errors of every vendor, in one line and without the key`() throws {
    let endpoint = ModelEndpoint(provider: "test", baseURL: "http://127.0.0.1", key: try APIKey(Remains.key))
    fuzz(5) { random, bytes in
      let value = (try? Value(json: bytes)) ?? .string(String(decoding: bytes, as: UTF8.self) + "\(Remains.key)\n")
      let status = random.int(100...599)
      let details = value["error"] ?? value[0]?["error"] ?? value
      for error in [
        AnthropicError.error(status: status, details, endpoint), GeminiError.error(status: status, details, endpoint),
        OpenAIError.error(inStream: details, OpenAIEndpoint(endpoint)),
      ] {
        #expect(!error.description.contains(Remains.key))
        #expect(!error.description.contains("\n"))
        #expect(error.description.utf8.count < 2_500)
      }
    }
  }

  @Test func `Headers that say how long to wait and what is left`() {
    fuzz(6) { random, bytes in
      let text = String(decoding: bytes.prefix(random.int(0...60)), as: UTF8.self)
      let names = [
        "retry-after", "retry-after-ms", "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests",
        "x-ratelimit-reset-requests", "anthropic-ratelimit-requests-limit", "anthropic-ratelimit-requests-reset",
      ]
      let headers = HTTPHeaders(names.map { ($0, text) })
      if let wait = WaitHeaders.wait(headers) { #expect(wait >= .zero && wait <= WaitHeaders.longest) }
      if let window = LimitHeaders.limits(headers)?.requests {
        #expect(window.limit ?? 1 > 0 && window.remaining ?? 0 >= 0)
      }
    }
  }
}
