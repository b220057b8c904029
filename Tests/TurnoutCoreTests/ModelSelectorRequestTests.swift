import Testing
import TurnoutCore
import TurnoutTesting

/// What a model is asked when a request has more to it than its text.
@Suite struct ModelSelectorRequestTests {
  let table: RouteTable

  init() throws {
    table = try RouteTable(["d", "b", "a", "c"].map { RouteDescription($0, "for \($0)", examples: ["an \($0)"]) })
  }

  private func ask(
    _ request: RouteRequest, _ answer: Value = ["reasoning": "", "route": "none", "also": []], tokens: Int = 2_000
  ) async throws -> (asked: ModelRequest, decision: RouteDecision) {
    let model = ScriptedModel([.value(answer), .value(answer)])
    let decision = try await ModelSelector(model, tokens: tokens).select(request, among: table, in: Run())
    return (model.requests[0], decision)
  }

  private func prompt(_ request: ModelRequest) -> String {
    if case .user(let text)? = request.messages.last { text } else { "" }
  }

  private func names(_ request: ModelRequest, _ member: String = "route") -> Value? {
    let shape = request.output?.jsonSchema["properties"]?[member]
    return shape?["enum"] ?? shape?["items"]?["enum"]
  }

  @Test func `Only the routes in question are offered, by name`() async throws {
    let asked = try await ask(RouteRequest("x", candidates: ["d", "a"])).asked
    #expect(names(asked) == ["a", "d", "none"])
    guard case .system(let instructions)? = asked.messages.first else { return #expect(Bool(false)) }
    #expect(instructions.hasSuffix("Routes:\n- a: for a\n  such as: an a\n- d: for d\n  such as: an d"))
    #expect(try await ask(RouteRequest("x", candidates: ["a", "d"])).asked == asked)
  }

  @Test(arguments: [[], ["e"], ["a", "b", "c", "d"], ["d", "c", "b", "a", "e"]])
  func `No candidates that are known, or all, are the whole table`(candidates: [String]) async throws {
    let asked = try await ask(RouteRequest("x", candidates: candidates)).asked
    #expect(asked == (try await ask("x").asked))
    #expect(names(asked) == ["a", "b", "c", "d", "none"])
  }

  @Test func `A request with few routes in question changes nothing for the next one`() async throws {
    let model = ScriptedModel { _, _ in .value(["reasoning": "", "route": "none"]) }
    let selector = ModelSelector(model)
    for candidates in [nil, ["a", "b"], nil, ["c", "d"], ["a", "b"]] {
      _ = try await selector.select(RouteRequest("x", candidates: candidates), among: table, in: Run())
    }
    let asked = model.requests
    #expect(asked[0] == asked[2])
    #expect(asked[1] == asked[4])
    #expect(asked.map { names($0)?.array?.count } == [5, 3, 5, 3, 3])
  }

  @Test func `A route that is out of question is no answer`() async throws {
    let decision = try await ask(RouteRequest("x", candidates: ["a", "b"]), ["reasoning": "", "route": "c"]).decision
    #expect(decision.kind == .none)
    #expect(!decision.isSure)
  }

  @Test func `What the person said before is shown as such, and nothing else of the conversation`() async throws {
    let request = RouteRequest(
      "and the blue\none?",
      history: [
        .system("SECRET"), .user("What does the\n  phone cost?"), .assistant("499 ANSWER"), .user(" \n"),
        .toolResult(ToolResult(callID: "1", name: "t", content: "SECRET")), .user("In red?"),
      ])
    let asked = try await ask(request).asked
    #expect(asked.messages.count == 2)
    #expect(asked.messages[0] == (try await ask("x").asked.messages[0]))
    #expect(
      prompt(asked) == """
        What the person said earlier, oldest first, only to understand the request:
        - What does the phone cost?
        - In red?

        The request:
        and the blue
        one?
        """)
  }

  @Test func `Only the last few earlier messages are shown, and only their beginnings`() async throws {
    let history = (1...9).map { Message.user("m\($0) " + String(repeating: "好", count: 50)) }
    let text = prompt(try await ask(RouteRequest("x", history: history), tokens: 100).asked)
    #expect(
      text.split(separator: "\n").filter { $0.hasPrefix("- m") }.map { $0.prefix(4) } == (5...9).map { "- m\($0)" })
    #expect(text.count { $0 == "好" } <= 50)
    #expect(text.contains("好 …\n"))
  }

  @Test func `A conversation in which only the assistant spoke is a bare request`() async throws {
    let request = RouteRequest("x", history: [.assistant("Hello, how can I help?")])
    #expect(try await ask(request).asked == (try await ask("x").asked))
  }

  private func several(_ most: Int, _ answer: Value) async throws -> (asked: ModelRequest, decision: RouteDecision) {
    var request = RouteRequest("x")
    request.mostRoutes = most
    return try await ask(request, answer)
  }

  @Test func `One route is asked for unless several can be taken`() async throws {
    let answer: Value = ["reasoning": "", "route": "a", "also": ["b"]]
    let one = try await several(1, answer)
    #expect(one.decision.routes == ["a"])
    #expect(one.decision.kind == .route)
    #expect(one.asked.output?.jsonSchema["properties"]?["also"] == nil)
    #expect(try await several(0, answer).asked == one.asked)
  }

  @Test func `Several routes are taken where the request asks for more than one thing`() async throws {
    let two = try await several(3, ["reasoning": "both", "route": "c", "also": ["a"]])
    #expect(two.decision == RouteDecision(.several, routes: ["c", "a"], by: "model", reasoning: "both"))
    #expect(names(two.asked, "also") == ["a", "b", "c", "d"])
    guard case .system(let instructions)? = two.asked.messages.first else { return #expect(Bool(false)) }
    #expect(instructions.contains(#"If the request asks for more than one thing, "also" lists the routes"#))
    let one = try await several(3, ["reasoning": "", "route": "c", "also": []])
    #expect(one.decision.kind == .route)
    #expect(one.decision.routes == ["c"])
  }

  @Test func `No more are taken than may be, and none twice`() async throws {
    let many = try await several(2, ["reasoning": "", "route": "c", "also": ["c", "a", "b"]])
    #expect(many.decision.routes == ["c", "a"])
    let same = try await several(3, ["reasoning": "", "route": "c", "also": ["c", "c"]])
    #expect(same.decision.kind == .route)
    #expect(same.decision.routes == ["c"])
    let none = try await several(3, ["reasoning": "", "route": "none", "also": ["a"]])
    #expect(none.decision.kind == .none)
    #expect(none.decision.routes == [])
  }

  @Test func `A further route that is none of the routes is sent back`() async throws {
    let decision = try await several(3, ["reasoning": "", "route": "c", "also": ["sales"]]).decision
    #expect(!decision.isSure)
    #expect(decision.notes.first?.contains("also[0]") == true)
  }

  @Test func `A router that can merge answers runs all of them`() async throws {
    let model = ScriptedModel([.value(["reasoning": "", "route": "b", "also": ["a"]])])
    let router = Router(by: .model(model)) {
      Route("a") { FunctionStep("a") { (_: String) in "A" } }
      Route("b") { FunctionStep("b") { (_: String) in "B" } }
    } otherwise: {
      FunctionStep("human") { (_: String) in "human" }
    } merge: {
      FunctionStep("merge") { (answers: [RouteAnswer<String>]) in answers.map(\.output).joined(separator: "+") }
    }
    #expect(try await router("x").output == "B+A")
  }

  @Test func `Calls of tools instead of an answer leave the selector unsure`() async throws {
    let model = ScriptedModel([.call("x"), .call("x")])
    let decision = try await ModelSelector(model).select("x", among: table, in: Run())
    #expect(!decision.isSure)
    #expect(decision.notes.first?.hasPrefix("the model gave no usable answer: ") == true)
  }
}
