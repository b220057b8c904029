import TurnoutCore

extension ModelConformance {
  private static let sentence = ["Für ", "499 € ", "oder ", "80.000 円", " gibt es \"das\" Aurora 👩‍🚀."]
  private static let impact = Schema.object(
    "Impact", [.init("severity", .integer(0...10), "How bad"), .init("effects", .array(.string()))])

  static let answers: [Check] = [
    check("a text comes as it was written, and what was asked arrives", .stream(sentence)) { probe in
      let (response, pieces) = try await probe.ask()
      try probe.expect(response.text, is: sentence.joined(), "the text")
      try probe.expect(response.toolCalls.count, is: 0, "the number of tool calls")
      try probe.expect(response.finish, is: .stop, "the reason to stop")
      try probe.expect(pieces.joined(), is: probe.streams ? response.text : "", "what the pieces come to")
      let sent = try probe.sent()
      try probe.expect(sent.isStreamed, is: probe.streams, "whether a stream was asked for")
      try probe.expect(sent.prompt.contains("in € or 円?"), "the prompt did not arrive")
      try probe.expect(sent.text.contains("Answer in one sentence."), "the instructions did not arrive")
    },
    check("characters survive wherever the bytes are cut") { _, index in
      .stream(sentence).with(index % 2 == 0 ? .singleBytes : .splitCharacters)
    } _: { probe in
      for _ in 0..<2 {
        let (response, pieces) = try await probe.ask()
        try probe.expect(response.text, is: sentence.joined(), "the text")
        if probe.streams { try probe.expect(pieces.joined(), is: response.text, "what the pieces come to") }
      }
    },
    check("fields and events that nobody knows are passed over", .stream(sentence).with(.unknownFields)) { probe in
      let (response, pieces) = try await probe.ask()
      try probe.expect(response.text, is: sentence.joined(), "the text")
      if probe.streams { try probe.expect(pieces.joined(), is: response.text, "what the pieces come to") }
    },
    check(
      "tokens are counted, cached ones among those read",
      .text("Yes.").using(Usage(inputTokens: 100, outputTokens: 50, cachedTokens: 40, reasoningTokens: 20))
    ) { probe in
      let usage = try await probe.ask().response.usage
      try probe.expect(usage.calls, is: 1, "the number of calls")
      try probe.expect(usage.inputTokens, is: 100, "the number of tokens read")
      try probe.expect(usage.cachedTokens, is: 40, "the number of cached tokens")
      try probe.expect(usage.outputTokens, is: 50, "the number of tokens written")
      // Not every wire tells of reasoning.
      try probe.expect([0, 20].contains(usage.reasoningTokens), "\(usage.reasoningTokens) tokens were reasoning")
    },
    check("an answer that reached its limit says so", .text("It costs").finishing(.length)) { probe in
      let response = try await probe.ask().response
      try probe.expect(response.finish, is: .length, "the reason to stop")
      try probe.expect(response.text, is: "It costs", "the text")
    },
    check("an answer that was held back says so", .text("It").finishing(.contentFilter)) { probe in
      do {
        try probe.expect(try await probe.ask().response.finish, is: .contentFilter, "the reason to stop")
      } catch let error as ModelError {
        try probe.expect(error.label, is: "content_filtered", "the error")
      }
    },
    check("settings arrive", .text("Yes.")) { probe in
      var request = ModelRequest.probing
      request.settings = ModelSettings(temperature: 0.125, maxOutputTokens: 7_654)
      _ = try await probe.ask(request)
      let text = try probe.sent().text
      try probe.expect(text.contains("0.125"), "the temperature did not arrive")
      try probe.expect(text.contains("7654"), "the most tokens did not arrive")
    },
    check("a typed answer is the JSON that was asked for", .value(["severity": 3, "effects": ["Für alle"]])) { probe in
      var request = ModelRequest.probing
      request.output = impact
      let (response, _) = try await probe.ask(request)
      let value = try? Value(json: response.text)
      try probe.expect(value, is: ["severity": 3, "effects": ["Für alle"]], "the answer")
      try probe.expect(response.toolCalls.count, is: 0, "the number of tool calls")
      if probe.model.capabilities.schemas {
        try probe.expect(try probe.sent().text.contains("severity"), "the schema did not arrive")
      }
    },
    check("many calls at once get each their own answer", { request, _ in .text("echo \(request.prompt)") }) { probe in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<64 {
          group.addTask {
            let (response, pieces) = try await probe.ask(ModelRequest(messages: [.user("number \(number)")]))
            try probe.expect(response.text, is: "echo number \(number)", "the text")
            if probe.streams { try probe.expect(pieces.joined(), is: response.text, "what the pieces come to") }
          }
        }
        try await group.waitForAll()
      }
      try probe.expect(probe.server.requests.count, is: 64, "the number of requests")
    },
  ]
}
