import Foundation
import Synchronization
import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTesting

/// A folder for one test; removed when the test lets go of it.
final class RecordingPlace: Sendable {
  let path = FileManager.default.temporaryDirectory.appendingPathComponent("recording-\(UUID().uuidString)").path
  deinit { Remains.keep(at: path) }

  var files: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  func text(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }
  var all: String { get throws { try files.map { try text($0) }.joined() } }
}

@Suite struct RecordingTests {
  private let place = RecordingPlace()
  private static let usage = Usage(calls: 1, inputTokens: 7, outputTokens: 3, cachedTokens: 2, reasoningTokens: 1)

  private func record(_ replies: [ScriptedReply], _ requests: [ModelRequest], streams: Bool = true) async throws
    -> [Answer]
  {
    let folder = try RecordingFolder(place.path)
    let model = ScriptedModel(replies, name: "vendor:small", capabilities: .init(schemas: false))
    return await ask(model.recorded(in: folder), requests, streams)
  }

  private func replay(_ requests: [ModelRequest], streams: Bool = true) async throws -> [Answer] {
    let folder = try ReplayFolder(place.path)
    return try await withoutNetwork { await ask(ReplayingModel("vendor:small", from: folder), requests, streams) }
  }

  /// What one call came to, in all that can be seen of it.
  private struct Answer: Hashable {
    var pieces: [String] = []
    var response: ModelResponse?
    var error: ModelError?
  }

  private func ask(_ model: some LanguageModel, _ requests: [ModelRequest], _ streams: Bool) async -> [Answer] {
    var answers: [Answer] = []
    for request in requests {
      let pieces = Pieces()
      var answer = Answer()
      do {
        answer.response = try await model.respond(to: request, in: Run(), onDelta: streams ? pieces.handler : nil)
      } catch { answer.error = error as? ModelError }
      answer.pieces = pieces.all
      answers.append(answer)
    }
    return answers
  }

  private func question(_ text: String) -> ModelRequest {
    ModelRequest(
      messages: [.system("Answer."), .user(text)],
      tools: [
        ToolDescription(name: "price", description: "Looks up", parameters: .object("P", [.init("n", .string())]))
      ],
      output: .object("Impact", [.init("severity", .integer(0...10))]),
      settings: ModelSettings(temperature: 0.2, seed: 7, maxOutputTokens: 50, stop: ["\n"]), logProbabilities: true)
  }

  @Test func `A replay gives the same pieces, calls, usage and errors`() async throws {
    var error = ModelError.rateLimited("vendor", "too many requests (HTTP 429); try again later")
    error.requestID = "req_7"
    error.retryAfter = .milliseconds(1500)
    let requests = ["a", "b", "c"].map(question)
    let replies: [ScriptedReply] = [
      .stream(["Für ", "499 €", "\n新的"]).using(Self.usage).finishing(.length),
      .calls([ToolCall(id: "x", name: "price", arguments: #"{"n": "Aurora"}"#)]), .failure(error, after: ["half "]),
    ]
    let recorded = try await record(replies, requests)
    #expect(recorded[0].pieces == ["Für ", "499 €", "\n新的"])
    #expect(recorded[2].error == error)
    #expect(try await replay(requests) == recorded)
    #expect(try place.files.count == 3)
  }

  @Test func `The same request again gets the next answer, in order`() async throws {
    let requests = [question("a"), question("a"), question("a")]
    let recorded = try await record([.text("one"), .text("two"), .text("three")], requests)
    #expect(recorded.map { $0.response?.text } == ["one", "two", "three"])
    #expect(try await replay(requests) == recorded)
    let names = try place.files
    #expect(Set(names.map { $0.dropLast(6) }).count == 1)
    #expect(names.map { $0.suffix(6) } == ["1.json", "2.json", "3.json"])
  }

  @Test func `What was recorded whole can be replayed in a stream, and the other way round`() async throws {
    let requests = [question("a")]
    let whole = try await record([.stream(["on", "e"])], requests, streams: false)
    #expect(whole[0].pieces == [])
    let streamed = try await replay(requests)
    #expect(streamed[0].pieces == ["one"])
    #expect(streamed[0].response == whole[0].response)
  }

  @Test func `A file is plain text, named by what was asked, the same on every machine`() async throws {
    _ = try await record([.text("It costs 499.")], [ModelRequest(messages: [.user("What does it cost?")])])
    let name = try #require(try place.files.first)
    #expect(
      try place.text(name) == """
        {
          "turnout_recording": 1,
          "kind": "answer",
          "model": "vendor:small",
          "name": "vendor:small",
          "traits": {
            "schemas": false,
            "tools": true,
            "continuation": false,
            "log_probabilities": true
          },
          "request": {
            "messages": [
              {
                "role": "user",
                "content": "What does it cost?"
              }
            ]
          },
          "pieces": [
            "It costs 499."
          ],
          "response": {
            "text": "It costs 499.",
            "finish": "stop",
            "usage": {
              "calls": 1,
              "input_tokens": 10,
              "output_tokens": 5,
              "cached_tokens": 0,
              "reasoning_tokens": 0,
              "embeddings": 0
            }
          }
        }

        """)
    #expect(name == "9f95a8b49117ee7a-1.json")
    let mode = try FileManager.default.attributesOfItem(atPath: "\(place.path)/\(name)")[.posixPermissions] as? Int
    #expect(mode == 0o600)
  }

  @Test func `What the model is like is known again`() async throws {
    _ = try await record([.text("a")], [question("a")])
    let folder = try ReplayFolder(place.path)
    #expect(!ReplayingModel("vendor:small", from: folder).capabilities.schemas)
    #expect(ReplayingModel("vendor:small", from: folder).name == "vendor:small")
    #expect(ReplayingModel("other", from: folder).capabilities == ModelCapabilities())
  }

  @Test func `Probabilities of tokens come back, also those that are no numbers`() async throws {
    struct Odd: LanguageModel {
      let name = "odd"
      func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
        let half = TokenChoice.Alternative(bytes: [0xE2, 0x82], -0.1)
        return ModelResponse(
          text: "€", tokens: [TokenChoice(half, alternatives: [half, .init("no", -.infinity), .init("yes", -1e-300)])])
      }
    }
    let folder = try RecordingFolder(place.path)
    let response = try await Odd().recorded(in: folder).respond(to: question("a"), in: Run(), onDelta: nil)
    let replayed = try await ReplayingModel("odd", from: ReplayFolder(place.path)).respond(
      to: question("a"), in: Run(), onDelta: nil)
    #expect(replayed == response)
  }

  @Test func `A request that was not recorded says where it differs from the nearest, and stays known`() async throws {
    _ = try await record(
      [.text("a"), .text("b")], [question("What does the Aurora cost, please?"), question("Is it blue?")])
    let folder = try ReplayFolder(place.path)
    let model = ReplayingModel("vendor:small", from: folder)
    let asked = question("What does the Borealis cost, please?")
    let error = await #expect(throws: RecordingError.self) {
      _ = try await model.respond(to: asked, in: Run(), onDelta: nil)
    }
    #expect(error?.label == "not_recorded")
    let description = error?.description ?? ""
    #expect(description.hasPrefix("vendor:small: this request was not recorded; the nearest is \(place.path)/"))
    // Descriptions end up in events, which have no prompts.
    #expect(!description.contains("Borealis") && !description.contains("Aurora"))
    #expect(
      error?.difference == [
        "messages[1].content", "  - What does the Aurora cost, please?", "  + What does the Borealis cost, please?",
      ])
    #expect(folder.unmatched == [try #require(error)])
    #expect(folder.unused.count == 2)
  }

  @Test func `A long text is shown around its difference, and many differences are counted`() async throws {
    let long = String(repeating: "same words ", count: 100)
    _ = try await record([.text("a")], [question(long + "old end")])
    let model = ReplayingModel("vendor:small", from: try ReplayFolder(place.path))
    var asked = question(long + "new end")
    asked.settings = ModelSettings(temperature: 1, seed: 8)
    let error = await #expect(throws: RecordingError.self) {
      _ = try await model.respond(to: asked, in: Run(), onDelta: nil)
    }
    let lines = error?.difference ?? []
    #expect(lines.first == "messages[1].content")
    #expect(lines.contains { $0.hasSuffix("old end") } && lines.contains { $0.hasSuffix("new end") })
    #expect(lines.allSatisfy { $0.count < 100 })
    #expect(lines.last == "and 2 more")
  }

  @Test func `A request that is made more often than it was recorded fails too`() async throws {
    _ = try await record([.text("a")], [question("a")])
    let folder = try ReplayFolder(place.path)
    let model = ReplayingModel("vendor:small", from: folder)
    _ = try await model.respond(to: question("a"), in: Run(), onDelta: nil)
    #expect(folder.unused.isEmpty)
    let error = await #expect(throws: RecordingError.self) {
      _ = try await model.respond(to: question("a"), in: Run(), onDelta: nil)
    }
    #expect(error?.description.contains("recorded 1 times and is made another time") == true)
  }

  @Test func `Another model's recordings are named`() async throws {
    _ = try await record([.text("a")], [question("a")])
    let model = ReplayingModel("vendor:large", from: try ReplayFolder(place.path))
    let error = await #expect(throws: RecordingError.self) {
      _ = try await model.respond(to: question("a"), in: Run(), onDelta: nil)
    }
    #expect(error?.description.hasSuffix("nothing was recorded for vendor:large; recorded are vendor:small") == true)
  }

  @Test func `A call that was cancelled waits to be cancelled again, and not for ever`() async throws {
    let recording = try RecordingFolder(place.path)
    let model = ScriptedModel { _, _ in .text("late").delayed(by: .seconds(60)) }.recorded(in: recording)
    let clock = ManualClock()
    let run = Run(clock: RunClock(clock))
    let request = question("a")
    let call = Task { try await model.respond(to: request, in: run, onDelta: nil) }
    await clock.sleepers(1)
    call.cancel()
    await #expect(throws: CancellationError.self) { try await call.value }
    #expect(try place.all.contains("\"cancelled\": true"))

    let replaying = ReplayingModel("scripted", from: try ReplayFolder(place.path))
    let again = Task { try await replaying.respond(to: request, in: run, onDelta: nil) }
    await clock.sleepers(1)
    again.cancel()
    await #expect(throws: CancellationError.self) { try await again.value }
    let alone = ReplayingModel("scripted", from: try ReplayFolder(place.path))
    let late = Task { try await alone.respond(to: request, in: run, onDelta: nil) }
    await clock.sleepers(1)
    clock.advance(by: .seconds(10))
    await #expect(throws: RecordingError.self) { try await late.value }
  }

  @Test func `A whole run is replayed, tools and all`() async throws {
    let tool = Tool("price", "Looks up", parameters: .object("P", [.init("n", .string())])) { _, _ in "499" }
    func run(_ model: any LanguageModel) async throws -> (String, [Value]) {
      let recorder = EventRecorder()
      let agent = Agent("consult", model: model, instructions: "Answer.", tools: [tool])
      let clock = RunClock(ManualClock())
      let answer = try await Run(clock: clock, sinks: [recorder]).perform(agent, "What does the Aurora cost?")
      return (answer, recorder.events.map(\.value))
    }
    let folder = try RecordingFolder(place.path)
    let script = ScriptedModel([.call("price", ["n": "Aurora"]), .stream(["It ", "costs ", "499."])])
    let (answer, events) = try await run(script.recorded(in: folder))
    let replay = try ReplayFolder(place.path)
    let (again, sameEvents) = try await run(ReplayingModel("scripted", from: replay))
    #expect(answer == "It costs 499.")
    #expect(again == answer)
    #expect(sameEvents == events)
    #expect(replay.unused.isEmpty && replay.unmatched.isEmpty)
  }
}
