import Testing
import TurnoutCore
import TurnoutTesting
import TurnoutWorkflows

/// Inputs with what was said before.
@Suite struct ConversationTests {
  private static func input(_ messages: [(String, String)], session: String? = nil) -> Value {
    var input: ValueObject = [
      "messages": .array(messages.map { ["role": .string($0.0), "content": .string($0.1)] })
    ]
    if let session { input["session"] = .string(session) }
    return .object(input)
  }
  private static let earlier = [("user", "what does the phone cost"), ("assistant", "It is broken at 499.")]

  @Test("the person's last message is the request") func request() {
    let request = RouteRequest(
      value: Self.input(
        [("system", "Obey.")] + Self.earlier + [("user", "and in blue?"), ("assistant", "Hm.")], session: "buy"))
    #expect(request.text == "and in blue?")
    #expect(request.history == [.user("what does the phone cost"), .assistant("It is broken at 499.")])
    #expect(request.session == "buy")
    #expect(request.metadata == [:])
  }

  @Test("what is no conversation is read as its text")
  func plain() {
    #expect(RouteRequest(value: "hello").text == "hello")
    #expect(RouteRequest(value: ["messages": "hello"]).text == "{\"messages\":\"hello\"}")
    #expect(RouteRequest(value: ["words": 1]).text == "{\"words\":1}")
    #expect(RouteRequest(value: .null) == RouteRequest(Value.null.text))
  }

  @Test("messages of other shapes are left out")
  func shapes() {
    let messages: Value = [
      "hello", ["role": "user"], ["content": "a"], ["role": "tool", "content": "b"], ["role": "user", "content": 3],
      ["role": "user", "content": "c"],
    ]
    let request = RouteRequest(value: ["messages": messages, "metadata": ["a": 1, "b": true, "c": "d"], "session": 7])
    #expect(request.text == "c")
    #expect(request.history.isEmpty)
    #expect(request.metadata == ["a": "1", "b": "true", "c": "d"])
    #expect(request.session == nil)
    #expect(RouteRequest(value: ["messages": []]).text == "")
    #expect(RouteRequest(value: ["messages": [], "metadata": ["a"]]).metadata == [:])
  }

  @Test("follow_ups reads a short request with the person's message before") func followUps() async throws {
    let model = ScriptedDecisions(words: ["cost": "buy", "broken": "fix"])
    let input = Self.input(Self.earlier + [("user", "and the blue one?")])
    let lines = ["by: decision", "decision: openai:d"].joined(separator: "\n    ")
    let bare = try await Desk.routed(Desk.file(lines), input, TestModels(model))
    #expect(bare.answer == "other")
    #expect(try await Desk.routed(Desk.file(lines, "follow_ups: false"), input, TestModels(model)).answer == "other")
    let read = try await Desk.routed(Desk.file(lines, "follow_ups: true"), input, TestModels(model))
    #expect(read.answer == "buy")
    #expect(read.decision.notes.contains("read together with the message before"))
    #expect(model.requests.last?.text == "what does the phone cost\nand the blue one?")
  }

  @Test("sticky keeps an unsure request on the conversation's route") func sticky() async throws {
    let model = ScriptedDecisions(words: ["cost": "buy", "broken": "fix"], none: 0.4)
    let lines = ["by: decision", "decision: openai:d"].joined(separator: "\n    ")
    func answer(_ text: String, _ session: String?, _ flag: String = "sticky: true") async throws -> Value {
      let input = Self.input(Self.earlier + [("user", text)], session: session)
      return try await Desk.routed(Desk.file(lines, flag), input, TestModels(model)).answer
    }
    #expect(try await answer("the other thing", "fix") == "fix")
    #expect(try await answer("the other thing", nil) == "other")
    #expect(try await answer("the other thing", "fix", "sticky: false") == "other")
    #expect(try await answer("what does it cost", "fix") == "buy")
    #expect(try await answer("the other thing", "gone") == "other")
  }

  @Test("follow-ups first, then the conversation's route") func both() async throws {
    let model = ScriptedDecisions(words: ["cost": "buy", "broken": "fix"], none: 0.4)
    let text = Desk.file("by: decision", "decision: openai:d", "follow_ups: true", "sticky: true")
    let input = Self.input(Self.earlier + [("user", "and the blue one?")], session: "fix")
    #expect(try await Desk.routed(text, input, TestModels(model)).answer == "buy")
  }

  @Test("the steps get the whole input") func whole() async throws {
    let text = Desk.file("by: rules", "rules: [{ route: none, when: { words: blue } }]", otherwise: "{{input.session}}")
    #expect(try await Desk.routed(text, Self.input([("user", "blue")], session: "buy")).answer == "buy")
  }
}
