import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

/// One of the two decision wires.
enum DecisionShape: CaseIterable, Sendable {
  case systemOne, openAI

  func model(_ endpoint: OpenAIEndpoint) -> any DecisionModel {
    switch self {
    case .systemOne: SystemOneModel("small", at: endpoint)
    case .openAI: OpenAIDecisionModel("small", at: endpoint)
    }
  }

  /// An answer with a decision whose members are given as JSON.
  func answer(_ decision: String, usage: String = #"{"input_tokens":12,"output_tokens":1}"#) -> String {
    switch self {
    case .systemOne: #"{"model":"small","answers":{"route":{\#(decision)}},"usage":\#(usage)}"#
    case .openAI: #"{"answers":[{"name":"route",\#(decision)}],"model":"small","usage":\#(usage)}"#
    }
  }

  func probabilities(_ list: [(String, String)]) -> String {
    switch self {
    case .systemOne: "{" + list.map { #""\#($0.0)":\#($0.1)"# }.joined(separator: ",") + "}"
    case .openAI: "[" + list.map { #"{"value":"\#($0.0)","probability":\#($0.1)}"# }.joined(separator: ",") + "]"
    }
  }
}

@Suite struct DecisionModelTests {
  private let question = DecisionRequest(
    "My \"phone\"\n重启", instructions: "Which?", choices: [.init("a", "First"), .init("none", "Neither")])

  private func decide(_ shape: DecisionShape, _ json: String) async throws -> DecisionAnswer {
    try await withServer(.json(json)) { server in
      try await shape.model(try server.endpoint()).decide(question, in: Run())
    }
  }

  @Test func `System One is asked by name, with criteria`() async throws {
    let reply = Reply.json(DecisionShape.systemOne.answer(#""type":"choice","choice":"a""#))
    try await withServer(reply) { server in
      _ = try await SystemOneModel("clm", at: server.endpoint(key: Remains.key)).decide(question, in: Run())
      #expect(server.requests[0].method == "POST")
      #expect(server.requests[0].path == "/v1/systemone")
      #expect(server.requests[0].header("authorization") == ["Bearer \(Remains.key)"])
      #expect(
        try server.sent()
          == #"{"model":"clm","state":"My \"phone\"\n重启","questions":{"route":{"type":"choice","instructions":"Which?","criteria":{"a":"First","none":"Neither"}}}}"#
      )
    }
  }

  @Test func `OpenAI is asked in a list, with choices`() async throws {
    let reply = Reply.json(DecisionShape.openAI.answer(#""type":"choice","choice":"a""#))
    try await withServer(reply) { server in
      _ = try await OpenAIDecisionModel("gpt-6-luna", at: server.endpoint(key: Remains.key)).decide(question, in: Run())
      #expect(server.requests[0].method == "POST")
      #expect(server.requests[0].path == "/v1/decisions")
      #expect(server.requests[0].header("authorization") == ["Bearer \(Remains.key)"])
      #expect(
        try server.sent()
          == #"{"model":"gpt-6-luna","input":"My \"phone\"\n重启","questions":[{"type":"choice","name":"route","instructions":"Which?","choices":[{"value":"a","description":"First"},{"value":"none","description":"Neither"}]}]}"#
      )
    }
  }

  @Test func `What was said before goes along as each wire has it`() async throws {
    var question = question
    question.text = "it restarts"
    question.earlier = ["My phone", "Hello?"]
    let asked = question
    for shape in DecisionShape.allCases {
      try await withServer(.json(shape.answer(#""type":"choice","choice":"a""#))) { server in
        _ = try await shape.model(try server.endpoint()).decide(asked, in: Run())
        let sent = try Value(json: try server.sent())
        switch shape {
        case .systemOne: #expect(sent["state"] == .string(asked.state))
        case .openAI:
          #expect(
            sent["input"]?.json()
              == #"[{"role":"user","content":"My phone"},{"role":"user","content":"Hello?"},"#
              + #"{"role":"user","content":"it restarts"}]"#)
        }
      }
    }
  }

  @Test(arguments: DecisionShape.allCases) func `A choice comes with its probabilities and usage`(
    shape: DecisionShape
  ) async throws {
    let list = shape.probabilities([("a", "0.9"), ("none", "0.1")])
    let answer = try await decide(
      shape, shape.answer(#""type":"choice","choice":"a","confidence":0.9,"new":[1],"probabilities":\#(list)"#))
    #expect(
      answer
        == .choice(
          "a", probabilities: [DecisionProbability("a", 0.9), DecisionProbability("none", 0.1)],
          usage: Usage(calls: 1, inputTokens: 12, outputTokens: 1)))
  }

  @Test(arguments: DecisionShape.allCases) func `A refusal is an answer`(shape: DecisionShape) async throws {
    let answer = try await decide(shape, shape.answer(#""type":"refusal""#))
    #expect(answer == .refusal(usage: Usage(calls: 1, inputTokens: 12, outputTokens: 1)))
  }

  @Test(arguments: DecisionShape.allCases, ["null", #""many""#, "7", "[]", "{}"])
  func `Probabilities that are none leave the choice`(shape: DecisionShape, probabilities: String) async throws {
    let json = shape.answer(#""type":"choice","choice":"a","probabilities":\#(probabilities)"#, usage: "null")
    #expect(try await decide(shape, json) == .choice("a", probabilities: [], usage: Usage(calls: 1)))
  }

  @Test(arguments: DecisionShape.allCases) func `A probability that is no number is not made into one`(
    shape: DecisionShape
  ) async throws {
    let list = shape.probabilities([("a", #""0.9""#), ("none", "null")])
    let answer = try await decide(shape, shape.answer(#""type":"choice","choice":"a","probabilities":\#(list)"#))
    guard case .choice("a", let probabilities, _) = answer else { return #expect(Bool(false), "\(answer)") }
    #expect(probabilities.map(\.value) == ["a", "none"])
    #expect(probabilities.allSatisfy { $0.probability.isNaN })
  }

  @Test(arguments: DecisionShape.allCases) func `Other questions' answers are passed over`(shape: DecisionShape)
    async throws
  {
    let other = #""type":"choice","choice":"none""#
    let json =
      switch shape {
      case .systemOne: #"{"answers":{"mood":{\#(other)},"route":{"type":"choice","choice":"a"}}}"#
      case .openAI: #"{"answers":[{"name":"mood",\#(other)},{"name":"route","type":"choice","choice":"a"}]}"#
      }
    #expect(try await decide(shape, json) == .choice("a", probabilities: [], usage: Usage(calls: 1)))
  }

  @Test(
    arguments: DecisionShape.allCases, [#"{}"#, "[]", #"{"answers":null}"#, #"{"answers":{}}"#, #"{"answers":[]}"#])
  func `An answer without a decision is malformed`(shape: DecisionShape, json: String) async throws {
    let error = try await modelError { try await decide(shape, json) }
    #expect(error.label == "malformed")
    #expect(error.description == #"test: the answer has no decision about "route" in it"#)
  }

  @Test(arguments: [
    #""type":"choice""#, #""type":"choice","choice":null"#, #""type":"choice","choice":["CANARY"]"#,
    #""type":"score","score":0.4"#, #""choice":"a""#, #""type":"noul","choice":"a""#,
  ])
  func `A decision that is neither a choice nor a refusal is malformed`(decision: String) async throws {
    for shape in DecisionShape.allCases {
      let error = try await modelError { try await decide(shape, shape.answer(decision)) }
      #expect(error.label == "malformed")
      #expect(error.description == "test: the answer's decision is neither a choice nor a refusal")
    }
  }

  @Test(arguments: ["", "{", "<html>", #"{"answers":CANARY}"#]) func `A body that is no JSON is malformed`(
    body: String
  ) async throws {
    for shape in DecisionShape.allCases {
      let error = try await modelError { try await decide(shape, body) }
      #expect(error.label == "malformed")
      #expect(!error.description.contains("CANARY"))
    }
  }

  @Test(arguments: DecisionShape.allCases) func `The server's refusals are its errors`(shape: DecisionShape)
    async throws
  {
    let cases = [
      (401, "authentication"), (404, "not_found"), (429, "rate_limited"), (400, "refused"), (503, "overloaded"),
    ]
    for (status, label) in cases {
      let reply = Reply.json(#"{"error":{"message":"no"}}"#, status: status, headers: [("x-request-id", "r1")])
      try await withServer(reply) { server in
        let error = try await modelError { try await shape.model(try server.endpoint()).decide(question, in: Run()) }
        #expect(error.label == label)
        #expect(error.requestID == "r1")
      }
    }
    let inside = try await modelError { try await decide(shape, #"{"error":{"message":"no","code":503}}"#) }
    #expect(inside.label == "overloaded")
    #expect(try await decide(shape, shape.answer(#""type":"refusal","error":null"#)).usage.calls == 1)
  }

  @Test(arguments: DecisionShape.allCases) func `Nobody there is a connection error`(shape: DecisionShape) async throws
  {
    let endpoint = OpenAIEndpoint(provider: "test", baseURL: "http://127.0.0.1:1/v1")
    let error = try await modelError { try await shape.model(endpoint).decide(question, in: Run()) }
    #expect(error.label == "connection")
    #expect(shape.model(endpoint).name == "test:small")
  }

  @Test(arguments: DecisionShape.allCases) func `A selector decides over the wire`(shape: DecisionShape) async throws {
    let list = shape.probabilities([("none", "0.1"), ("press", "0.2"), ("service", "0.7")])
    let json = shape.answer(#""type":"choice","choice":"service","probabilities":\#(list)"#)
    try await withServer(.json(json)) { server in
      let table = try RouteTable([RouteDescription("service"), RouteDescription("press")])
      let run = Run()
      let selector = DecisionSelector(shape.model(try server.endpoint()))
      let decision = try await selector.select("x", among: table, in: run)
      #expect(decision.routes == ["service"])
      #expect(decision.confidence == 0.7)
      #expect(decision.scores == [RouteScore("service", 0.7), RouteScore("press", 0.2)])
      #expect(run.usage == Usage(calls: 1, inputTokens: 12, outputTokens: 1))
    }
  }
}
