import TurnoutCore

extension ModelConformance {
  private static let price = ToolDescription(
    name: "price", description: "Looks a price up", parameters: .object("Price", [.init("name", .string())]))
  private static let stock = ToolDescription(
    name: "stock", description: "Counts what is there",
    parameters: .object("Stock", [.init("name", .string()), .init("shop", .integer())]))
  private static let calls = [
    ToolCall(id: "call_a", name: "price", arguments: #"{"name":"Aurora \"größer\""}"#),
    ToolCall(id: "call_b", name: "stock", arguments: #"{"name":"Aurora","shop":3}"#),
    ToolCall(id: "call_c", name: "price", arguments: #"{"name":"Borealis"}"#),
  ]

  private static var request: ModelRequest {
    var request = ModelRequest.probing
    request.tools = [price, stock]
    return request
  }

  static let tools: [Check] = [
    check("a tool call has its name and arguments, and the tools were described", .calls([calls[0]])) { probe in
      let response = try await probe.ask(request).response
      try expect(response, calls: [calls[0]], probe)
      try probe.expect(response.text, is: "", "the text")
      let sent = try probe.sent()
      try probe.expect(sent.toolNames, is: ["price", "stock"], "the list of tools")
      try probe.expect(sent.text.contains("Counts what is there"), "the descriptions did not arrive")
      try probe.expect(sent.text.contains("shop"), "the parameters did not arrive")
    },
    check("several tool calls come in order, each with a name of its own", .calls(calls)) { probe in
      let response = try await probe.ask(request).response
      try expect(response, calls: calls, probe)
      try probe.expect(Set(response.toolCalls.map(\.id)).count, is: 3, "the number of different ids")
    },
    check("a text before tool calls is kept", .calls(calls, after: "Let me see. ")) { probe in
      let (response, pieces) = try await probe.ask(request)
      try expect(response, calls: calls, probe)
      try probe.expect(response.text, is: "Let me see. ", "the text")
      if probe.streams { try probe.expect(pieces.joined(), is: response.text, "what the pieces come to") }
    },
    check("tool calls survive wherever the bytes are cut", .calls(calls).with(.splitCharacters)) { probe in
      try expect(try await probe.ask(request).response, calls: calls, probe)
    },
    check("arguments keep fields that nobody knows elsewhere", .calls(calls).with(.unknownFields)) { probe in
      try expect(try await probe.ask(request).response, calls: calls, probe)
    },
    check("what tools returned goes back to the model") { request, _ in
      request.hasToolResult ? .text("It costs 499.") : .calls(Array(calls.prefix(2)), after: "Let me see.")
    } _: { probe in
      let first = try await probe.ask(request).response
      var second = request
      second.messages.append(.assistant(first.text, toolCalls: first.toolCalls))
      for call in first.toolCalls {
        second.messages.append(
          .toolResult(ToolResult(callID: call.id, name: call.name, content: "result of \(call.name): ½")))
      }
      let response = try await probe.ask(second).response
      try probe.expect(response.text, is: "It costs 499.", "the text")
      let sent = try probe.sent()
      for name in ["price", "stock"] {
        try probe.expect(sent.text.contains("result of \(name): ½"), "the result of \(name) did not arrive")
      }
    },
  ]

  private static func expect(_ response: ModelResponse, calls: [ToolCall], _ probe: Probe) throws {
    try probe.expect(response.toolCalls.map(\.name), is: calls.map(\.name), "the list of tool calls")
    try probe.expect(response.finish, is: .toolCalls, "the reason to stop")
    // The same JSON may be written differently.
    let found = response.toolCalls.map { try? Value(json: $0.arguments) }
    try probe.expect(found, is: calls.map { try? Value(json: $0.arguments) }, "the list of arguments")
  }
}
