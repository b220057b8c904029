import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

@Suite struct StreamedAnswerTests {
  private func stream(_ reply: Reply, into pieces: Pieces = Pieces()) async throws -> ModelResponse {
    try await withServer(reply) { try await $0.stream(into: pieces) }
  }

  @Test func `Pieces are passed on and put together`() async throws {
    let pieces = Pieces()
    let response = try await stream(
      .events([
        Wire.chunk(delta: #"{"role":"assistant","content":""}"#), Wire.chunk("Hel"), Wire.chunk("lo, 世"),
        Wire.chunk("界."), Wire.finish(),
        #"{"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":2}}}"#,
      ]), into: pieces)
    #expect(response.text == "Hello, 世界.")
    #expect(pieces.text == "Hello, 世界.")
    #expect(!pieces.all.contains(""))
    #expect(response.finish == .stop)
    #expect(response.usage == Usage(calls: 1, inputTokens: 9, outputTokens: 4, cachedTokens: 2))
  }

  @Test func `A stream that is cut at any byte gives the same answer`() async throws {
    let events = [Wire.chunk("é"), ": keep-alive", Wire.chunk("世🚆"), Wire.finish("length"), "[DONE]"]
    let text = events.map { $0.hasPrefix(":") ? "\($0)\r\n\r\n" : "data: \($0)\r\n\r\n" }.joined()
    let bytes = Array(text.utf8)
    try await withServer { _, index in
      .stream(pieces: [Array(bytes[..<index]), Array(bytes[index...])].filter { !$0.isEmpty })
    } _: { server in
      for split in 0...bytes.count {
        let pieces = Pieces()
        let response = try await server.stream(into: pieces)
        #expect(response.text == "é世🚆", "split at \(split)")
        #expect(pieces.text == "é世🚆")
        #expect(response.finish == .length)
      }
    }
  }

  @Test func `A piece is passed on before the next one comes`() async throws {
    let gate = Gate()
    let first = Array("data: \(Wire.chunk("first"))\n\n".utf8)
    let rest = Array("data: \(Wire.chunk(" second"))\n\ndata: [DONE]\n\n".utf8)
    let seen = Pieces()
    let response = try await withServer(.stream([.bytes(first), .wait(gate), .bytes(rest)])) { server in
      // The server goes on only once the first piece has been passed on.
      try await server.model().respond(to: .hello, in: Run()) { delta in
        try await seen.handler(delta)
        gate.open()
      }
    }
    #expect(seen.all == ["first", " second"])
    #expect(response.text == "first second")
  }

  @Test func `Events that come at once are passed on as one piece`() async throws {
    let text = "data: \(Wire.chunk("a"))\n\ndata: \(Wire.chunk("b"))\n\ndata: \(Wire.chunk("c"))\n\ndata: [DONE]\n\n"
    let pieces = Pieces()
    _ = try await stream(.stream(pieces: [Array(text.utf8)]), into: pieces)
    #expect(pieces.all == ["abc"])
  }

  @Test func `Tool calls come in pieces by their index`() async throws {
    let response = try await stream(
      .events([
        Wire.chunk(
          delta: #"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"look","arguments":""}}]}"#),
        Wire.chunk(delta: #"{"tool_calls":[{"index":0,"function":{"arguments":"{\"q\""}}]}"#),
        Wire.chunk(delta: #"{"tool_calls":[{"index":1,"id":"b","function":{"name":"find","arguments":"{"}}]}"#),
        Wire.chunk(
          delta:
            #"{"tool_calls":[{"index":1,"function":{"arguments":"}"}},{"index":0,"function":{"arguments":":1}"}}]}"#),
        Wire.finish("tool_calls"),
      ]))
    #expect(
      response.toolCalls == [
        ToolCall(id: "a", name: "look", arguments: #"{"q":1}"#), ToolCall(id: "b", name: "find", arguments: "{}"),
      ])
    #expect(response.finish == .toolCalls)
  }

  @Test func `An id that is repeated with every piece is one call`() async throws {
    let response = try await stream(
      .events([
        Wire.chunk(delta: #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{"}}]}"#),
        Wire.chunk(delta: #"{"tool_calls":[{"index":0,"id":"a","function":{"arguments":"}"}}]}"#),
        Wire.finish("tool_calls"),
      ]))
    #expect(response.toolCalls == [ToolCall(id: "a", name: "look", arguments: "{}")])
  }

  @Test func `Calls with ids of their own are two, although a server gives both the same index`() async throws {
    let response = try await stream(
      .events([
        Wire.chunk(delta: #"{"tool_calls":[{"index":0,"id":"a","function":{"name":"look","arguments":"{\"n\":"}}]}"#),
        Wire.chunk(delta: #"{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}"#),
        Wire.chunk(delta: #"{"tool_calls":[{"index":0,"id":"b","function":{"name":"look","arguments":"{\"n\":"}}]}"#),
        Wire.chunk(delta: #"{"tool_calls":[{"index":0,"function":{"arguments":"2}"}}]}"#),
        Wire.finish("tool_calls"),
      ]))
    #expect(
      response.toolCalls == [
        ToolCall(id: "a", name: "look", arguments: #"{"n":1}"#),
        ToolCall(id: "b", name: "look", arguments: #"{"n":2}"#),
      ])
  }

  @Test(arguments: [-1, 7, Int.max]) func `An index of any size is a name for a call`(index: Int) async throws {
    let response = try await stream(
      .events([
        Wire.chunk(delta: #"{"tool_calls":[{"index":\#(index),"function":{"name":"look","arguments":"{}"}}]}"#),
        Wire.finish("tool_calls"),
      ]))
    #expect(response.toolCalls == [ToolCall(id: "call_\(index)", name: "look", arguments: "{}")])
  }

  @Test func `Unknown events, fields and values are passed over`() async throws {
    let text = """
      event: metadata\ndata: {"type":"new"}\n\n: comment\n\nid: 7\ndata: \(Wire.chunk("a"))\n\n\
      data: {"choices":[{"delta":{"content":"b","thoughts":{"x":[1]}},"finish_reason":null}]}\n\n\
      data: {"choices":[{"delta":{},"finish_reason":"bored"}]}\n\ndata: [DONE]\n\n
      """
    let response = try await stream(.stream(pieces: [Array(text.utf8)]))
    #expect(response.text == "ab")
    #expect(response.finish == FinishReason("bored"))
  }

  @Test func `An error in the middle of a good stream is an error, after the text before it`() async throws {
    let pieces = Pieces()
    let error = try await modelError {
      try await stream(
        .events([Wire.chunk("half"), #"{"error":{"message":"CUDA out of memory","code":500}}"#, Wire.chunk("never")]),
        into: pieces)
    }
    #expect(error.label == "server")
    #expect(error.description.contains("CUDA out of memory"))
    #expect(pieces.text == "half")
  }

  @Test func `Text before an error is passed on, also when both come at once`() async throws {
    let text = "data: \(Wire.chunk("half"))\n\ndata: {\"error\":{}}\n\n"
    let pieces = Pieces()
    _ = try await modelError { try await stream(.stream(pieces: [Array(text.utf8)]), into: pieces) }
    #expect(pieces.text == "half")
  }

  @Test(arguments: [
    (#"{"message":"slow down","code":429}"#, "rate_limited"),
    (#"{"message":"x","code":"insufficient_quota"}"#, "server"),
    (#"{"message":"x","code":400,"type":"exceed_context_size_error"}"#, "context_window"), (#""it broke""#, "server"),
    (#"{"code":0}"#, "server"), (#"{"code":503}"#, "overloaded"),
  ])
  func `An error in a stream is told apart by its code`(body: String, label: String) async throws {
    let error = try await modelError { try await stream(.events([#"{"error":\#(body)}"#])) }
    #expect(error.label == label)
  }

  @Test func `An error in a stream names the server it came from`() async throws {
    try await withServer(.events([#"{"error":{"message":"broken"}}"#])) { server in
      let error = try await modelError { try await server.stream() }
      #expect(error.description == "test: \(server.url) failed (HTTP 500): broken")
    }
  }

  @Test func `A stream that ends without saying so is an error`() async throws {
    let error = try await modelError { try await stream(.events([Wire.chunk("half")], done: false)) }
    #expect(error.label == "connection")
    #expect(error.description == "test: the stream ended in the middle of the answer")
  }

  @Test func `A stream whose connection breaks is an error`() async throws {
    let half = Array("data: \(Wire.chunk("half"))\n\n".utf8)
    let pieces = Pieces()
    let error = try await modelError { try await stream(.stream([.bytes(half), .close]), into: pieces) }
    #expect(error.label == "connection")
    #expect(!error.description.contains("\n"))
    #expect(pieces.text == "half")
  }

  @Test func `A finish reason is an end too`() async throws {
    let response = try await stream(.events([Wire.chunk("all"), Wire.finish()], done: false))
    #expect(response.text == "all")
  }

  @Test func `A stream of nothing but its end has no choices`() async throws {
    let error = try await modelError { try await stream(.events([])) }
    #expect(error.label == "malformed")
  }

  @Test func `A server that does not stream although asked to is understood`() async throws {
    let pieces = Pieces()
    let response = try await stream(.json(Wire.completion(content: "whole")), into: pieces)
    #expect(response.text == "whole")
    #expect(pieces.all == ["whole"])
    #expect(response.usage.inputTokens == 7)
  }

  @Test(arguments: ["text/event-stream; charset=utf-8", "Text/Event-Stream"])
  func `A stream is known by its content type, however that is written`(type: String) async throws {
    var reply = Reply.events([Wire.chunk("x"), Wire.finish()])
    reply.headers = [("content-type", type)]
    #expect(try await stream(reply).text == "x")
  }

  @Test func `JSON that is broken in the middle of a stream is malformed`() async throws {
    let error = try await modelError { try await stream(.events([Wire.chunk("a"), #"{"choices":[{"#])) }
    #expect(error.label == "malformed")
  }

  @Test func `A refusal in pieces is an error`() async throws {
    let error = try await modelError {
      try await stream(.events([Wire.chunk(delta: #"{"refusal":"I "}"#), Wire.chunk(delta: #"{"refusal":"won't"}"#)]))
    }
    #expect(error.label == "content_filtered")
  }

  @Test func `What the receiver of pieces throws ends the call`() async throws {
    struct Stop: LabelledError {
      var label: String { "stop" }
      var description: String { "stop" }
    }
    try await withServer(.events([Wire.chunk("a"), Wire.finish()])) { server in
      await #expect(throws: Stop.self) {
        try await server.model().respond(to: .hello, in: Run()) { _ in throw Stop() }
      }
    }
  }

  @Test func `One connection serves stream after stream`() async throws {
    let gate = Gate()
    gate.open()
    let reply = Reply.stream([
      .bytes(Array("data: \(Wire.chunk("x"))\n\n".utf8)), .bytes(Array("data: [DONE]\n\n".utf8)), .wait(gate),
      .bytes(Array(": bye\n\n".utf8)),
    ])
    try await withServer(reply) { server in
      for _ in 0..<5 { _ = try await server.stream() }
      // The end of a body is waited for for 200 ms, which a machine that is busy with other tests may once take.
      #expect(server.connections <= 2)
    }
  }

  @Test func `A server that keeps an answer open after its end loses the connection`() async throws {
    let reply = Reply.stream([.bytes(Array("data: \(Wire.chunk("x"))\n\ndata: [DONE]\n\n".utf8)), .wait(Gate())])
    try await withServer(reply) { server in
      let text = try await server.stream().text
      #expect(text == "x")
      await server.closed(1)
    }
  }
}
