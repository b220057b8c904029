import Foundation
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTesting

@Suite struct RecordingFilesTests {
  private let place = RecordingPlace()

  private func write(_ name: String, _ text: String) throws {
    try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: "\(place.path)/\(name)"))
  }

  private func recordingError(_ body: () throws -> some Any) throws -> String {
    let error = #expect(throws: RecordingError.self) { _ = try body() }
    let described = try #require(error)
    #expect(described.label == "recording")
    #expect(!described.description.contains("\n"))
    return described.description
  }

  @Test(arguments: [
    ("sk-proj-AbCdEf0123456789AbCdEf", "the key sk-proj-AbCdEf0123456789AbCdEf is mine"),
    ("AIzaSyA0123456789012345678901234567890", "?key=AIzaSyA0123456789012345678901234567890&x=1"),
    ("bWUKc2VjcmV0+XYZ/abc=", "authorization: Bearer bWUKc2VjcmV0+XYZ/abc="),
    ("own-secret-0815", "my own-secret-0815!"),
    ("ghp_0123456789abcdef0123456789abcdef0123", "{\"token\":\"ghp_0123456789abcdef0123456789abcdef0123\"}"),
  ])
  func `Keys are in no file, and the request is found all the same`(secret: String, text: String) async throws {
    let secrets = [try APIKey("own-secret-0815")]
    let folder = try RecordingFolder(place.path, secrets: secrets)
    let model = ScriptedModel([
      .stream(["It is ", String(text.prefix(12)), String(text.dropFirst(12))]),
      .failure(ModelError.refused("vendor", "no: \(text)")),
      .calls([ToolCall(id: "a", name: "b", arguments: text)]),
    ]).recorded(in: folder)
    let request = ModelRequest(messages: [.system(text), .user(text)])
    _ = try await model.respond(to: request, in: Run(), onDelta: { _ in })
    await #expect(throws: ModelError.self) { _ = try await model.respond(to: request, in: Run(), onDelta: nil) }
    _ = try await model.respond(to: request, in: Run(), onDelta: nil)
    #expect(try place.files.count == 3)
    #expect(try !place.all.contains(secret))
    #expect(try place.all.contains("•••"))
    let replayed = try await ReplayingModel("scripted", from: ReplayFolder(place.path, secrets: secrets)).respond(
      to: request, in: Run(), onDelta: nil)
    #expect(replayed.text.hasPrefix("It is "))
  }

  @Test(arguments: [
    "a risk-averse person's disk-based task-list-for-a-long-time", "sk-short", "Bearer of bad news",
    "https://example.org/a/very/long/path/that/is/no/key", "basic understanding",
  ])
  func `What is no key stays`(text: String) async throws {
    let folder = try RecordingFolder(place.path)
    _ = try await ScriptedModel([.text(text)]).recorded(in: folder).respond(to: .hello, in: Run(), onDelta: nil)
    #expect(try !place.all.contains("•••"))
  }

  @Test func `Vectors come back bit by bit, in one line each`() async throws {
    var random = SplitMix64(seed: 11)
    let vectors = Dictionary(
      uniqueKeysWithValues: (0..<50).map { index in
        ("text \(index)", (0..<8).map { _ in Float(bitPattern: UInt32.random(in: 0...0x7F7F_FFFF, using: &random)) })
      })
    let texts = vectors.keys.sorted()
    let folder = try RecordingFolder(place.path)
    let model = ScriptedEmbeddings(vectors, name: "vendor:embed").recorded(in: folder)
    let run = Run()
    let recorded = try await model.embed(texts, in: run)
    _ = try await model.embedExamples(["text 1"], in: run)
    #expect(recorded == texts.map { vectors[$0] })

    let replay = ReplayingEmbeddings("vendor:embed", from: try ReplayFolder(place.path))
    let again = Run()
    #expect(try await replay.embed(texts, in: again) == recorded, "seed 11")
    #expect(try await replay.embedExamples(["text 1"], in: again) == [vectors["text 1"]])
    #expect(again.usage == run.usage)
    #expect(run.usage.embeddings == 51)
    #expect(try place.all.contains { $0.isNewline } && place.all.split(separator: "\n").count < 250)
    await #expect(throws: RecordingError.self) { _ = try await replay.embed(["other"], in: again) }
  }

  @Test func `Decisions are replayed too`() async throws {
    struct Coin: DecisionModel {
      let name = "coin"
      func decide(_ request: DecisionRequest, in run: Run) async throws -> DecisionAnswer {
        if request.text == "hard" { return .refusal(usage: Usage(calls: 1)) }
        return .choice(
          "a", probabilities: [.init("a", 0.75), .init("b", .infinity)], usage: Usage(calls: 1, inputTokens: 9))
      }
    }
    let folder = try RecordingFolder(place.path)
    let model = Coin().recorded(in: folder, as: "vendor:coin")
    let requests = ["easy", "hard"].map {
      DecisionRequest($0, earlier: ["before"], instructions: "Which?", choices: [.init("a", "A"), .init("b", "B")])
    }
    let replay = try await { () async throws -> [DecisionAnswer] in
      var answers: [DecisionAnswer] = []
      for request in requests { answers.append(try await model.decide(request, in: Run())) }
      return answers
    }()
    let replaying = ReplayingDecisions("vendor:coin", from: try ReplayFolder(place.path))
    #expect(replaying.name == "coin")
    for (request, answer) in zip(requests, replay) {
      #expect(try await replaying.decide(request, in: Run()) == answer)
    }
  }

  @Test func `A folder with recordings is not recorded over, unless that is wanted`() async throws {
    _ = try await ScriptedModel([.text("a")]).recorded(in: RecordingFolder(place.path)).respond(
      to: .hello, in: Run(), onDelta: nil)
    try write("notes.txt", "mine")
    #expect(try recordingError { try RecordingFolder(place.path) }.contains("there are recordings in it"))
    _ = try RecordingFolder(place.path, replacing: true)
    // What is no recording stays.
    #expect(try place.files == ["notes.txt"])
    #expect(try recordingError { try ReplayFolder(place.path) }.contains("there are no recordings in it"))
  }

  @Test func `A folder that cannot be is told in one line`() throws {
    try write("file", "")
    #expect(try recordingError { try RecordingFolder("\(place.path)/file/inside") }.contains("cannot be made"))
    #expect(try recordingError { try ReplayFolder("\(place.path)/none") }.contains("no such folder"))
  }

  @Test(arguments: [
    ("{", "it is no JSON"), ("[]", "it is no recording of this version"),
    (#"{"turnout_recording":2}"#, "it is no recording of this version"),
    (#"{"turnout_recording":1,"kind":"song","model":"m","request":{}}"#, "a recording has a kind"),
    (#"{"turnout_recording":1,"kind":"answer","model":"m","request":{},"usage":{"calls":"x"}}"#, "calls"),
  ])
  func `A file that is no recording is named`(text: String, complaint: String) throws {
    try write("0123456789abcdef-1.json", text)
    let error = try recordingError { try ReplayFolder(place.path) }
    #expect(error.contains("0123456789abcdef-1.json: ") && error.contains(complaint), "\(error)")
  }

  @Test func `Links out of the folder are not followed, neither for reading nor for writing`() async throws {
    let outside = RecordingPlace()
    _ = try await ScriptedModel([.text("outside")]).recorded(in: RecordingFolder(outside.path)).respond(
      to: .hello, in: Run(), onDelta: nil)
    let name = try #require(try outside.files.first)
    try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(place.path)/\(name)", withDestinationPath: "\(outside.path)/\(name)")
    #expect(try recordingError { try ReplayFolder(place.path) }.contains("is a link"))

    // The link stands where the recording will be written: it is replaced, and what it leads to stays.
    let before = try outside.text(name)
    let folder = try RecordingFolder(place.path, replacing: true)
    try FileManager.default.createSymbolicLink(
      atPath: "\(place.path)/\(name)", withDestinationPath: "\(outside.path)/\(name)")
    _ = try await ScriptedModel([.text("inside")]).recorded(in: folder).respond(to: .hello, in: Run(), onDelta: nil)
    #expect(try outside.text(name) == before)
    #expect(try place.text(name).contains("inside"))
  }

  @Test func `A response that was spoilt by hand is told, not trapped on`() async throws {
    _ = try await ScriptedModel([.text("a")]).recorded(in: RecordingFolder(place.path)).respond(
      to: .hello, in: Run(), onDelta: nil)
    let name = try #require(try place.files.first)
    try write(name, try place.text(name).replacing("\"calls\": 1", with: "\"calls\": \"one\""))
    let model = ReplayingModel("scripted", from: try ReplayFolder(place.path))
    let error = await #expect(throws: RecordingError.self) {
      _ = try await model.respond(to: .hello, in: Run(), onDelta: nil)
    }
    #expect(error?.label == "recording")
  }

  @Test func `A recording that cannot be written fails the call`() async throws {
    let folder = try RecordingFolder(place.path)
    try FileManager.default.removeItem(atPath: place.path)
    let model = ScriptedModel([.text("a")]).recorded(in: folder)
    await #expect(throws: RecordingError.self) { _ = try await model.respond(to: .hello, in: Run(), onDelta: nil) }
  }
}
