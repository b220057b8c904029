import Testing
import TurnoutCore
import TurnoutTestServer

@Suite struct FaultTests {
  private func response(_ fault: Fault, _ wire: ModelWire = .chatCompletions, stream: Bool = false) async throws
    -> PlainResponse
  {
    let answer = ServedAnswer.stream(["Für ", "499 € ", "gibt es ", "das 新的 Aurora."])
    return try await ModelServer.serve([answer.with(fault)]) { server in
      let response = try await server.ask(wire, stream: stream)
      #expect(server.requests.map(\.fault) == [fault])
      return response
    }
  }

  @Test(arguments: [
    (WaitHint.seconds(7), "retry-after", "7"), (.milliseconds(250), "retry-after-ms", "250"),
  ])
  func `A refusal says how long to wait`(hint: WaitHint, header: String, value: String) async throws {
    let response = try await response(.refusal(429, after: hint))
    #expect(response.status == 429)
    #expect(response.header(header) == value)
    #expect(response.json["error"]?["code"] == "rate_limit_exceeded")
  }

  @Test func `A refusal can name a date`() async throws {
    let date = try #require(try await response(.refusal(503, after: .date(.seconds(90)))).header("retry-after"))
    #expect(date.wholeMatch(of: /[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT/) != nil, "\(date)")
  }

  @Test func `Gemini's hint is in the body`() async throws {
    let details = try await response(.refusal(429, after: .retryInfo(.milliseconds(1500))), .gemini).json["error"]
    #expect(details?["status"] == "RESOURCE_EXHAUSTED")
    #expect(details?["details"]?[0]?["retryDelay"] == "1.5s")
  }

  @Test(arguments: ModelWire.allCases) func `A quota that is used up looks like each vendor's`(wire: ModelWire)
    async throws
  {
    let response = try await response(.quotaExhausted, wire)
    #expect(response.status == 429)
    let word =
      switch wire {
      case .chatCompletions, .responses: "insufficient_quota"
      case .messages: "enforced_spend_limit_reached"
      case .gemini: "PerDay"
      }
    #expect(response.text.contains(word))
  }

  @Test(arguments: [(401, "authentication_error"), (404, "not_found_error"), (529, "overloaded_error")])
  func `Refusals have Anthropic's words`(status: Int, type: String) async throws {
    let response = try await response(.refusal(status), .messages)
    #expect(response.status == status)
    #expect(response.json["error"]?["type"] == .string(type))
    #expect(response.header("request-id") == "req_1")
  }

  @Test(arguments: Fault.Place.allCases) func `A connection is reset`(place: Fault.Place) async throws {
    let response = try await response(.reset(place), stream: true)
    #expect(response.isBroken)
    // What was sent before the reset may be lost, but nothing more than it can arrive.
    if place == .beforeHeaders { #expect(response.bytes.isEmpty) }
    if place == .inHeaders { #expect(!response.isHeadComplete) }
    if place == .afterHeaders { #expect(response.chunks.isEmpty || response.chunks.last == .some(nil)) }
  }

  @Test func `A truncated body is shorter than promised, and the connection ends in good order`() async throws {
    let whole = try await response(.truncation)
    let length = try #require(whole.header("content-length").flatMap { Int($0) })
    #expect(!whole.isBroken)
    #expect((1..<length).contains(whole.rest.count))
    let stream = try await response(.truncation, stream: true)
    #expect(stream.chunks.count > 1)
    #expect(stream.chunks.last == .some(nil))
  }

  @Test func `An early end is good HTTP and half an answer`() async throws {
    let whole = try await response(.earlyEnd)
    #expect(whole.header("content-length") == String(whole.rest.count))
    #expect(whole.json == .null)
    let stream = try await response(.earlyEnd, .messages, stream: true)
    #expect(stream.chunks.allSatisfy { $0 != nil })
    #expect(!stream.text.contains("message_stop"))
    #expect(stream.events.count > 2)
  }

  @Test func `Bytes come one at a time, and make up the same answer`() async throws {
    let bytes = try await response(.singleBytes, stream: true)
    #expect(bytes.chunks.allSatisfy { $0?.count == 1 })
    #expect(bytes.events.last?.data == "[DONE]")
    #expect(bytes.text.contains("499 €"))
  }

  @Test(arguments: ModelWire.allCases) func `A body is cut inside of characters`(wire: ModelWire) async throws {
    let stream = try await response(.splitCharacters, wire, stream: true)
    let cut = stream.chunks.compactMap { $0 }.filter { ($0.first ?? 0) & 0xC0 == 0x80 }
    // ü has one byte that continues it, € and the two Chinese letters have two each; Responses tells texts more often.
    #expect(cut.count >= 7)
    #expect(stream.text.contains("das 新的 Aurora."))
    #expect(stream.chunks.allSatisfy { $0 != nil })
  }

  @Test func `Garbage is no JSON, and the same every time`() async throws {
    let (one, two) = (try await response(.garbage), try await response(.garbage))
    #expect(one.status == 200)
    #expect(one.json == .null)
    #expect(one.body == two.body)
    let stream = try await response(.garbage, stream: true)
    #expect(stream.body.starts(with: Array("data: ".utf8)))
    #expect(stream.values.isEmpty)
  }

  @Test func `An error comes in the middle of a stream that was called good`() async throws {
    let stream = try await response(.errorEvent, .messages, stream: true)
    #expect(stream.status == 200)
    #expect(stream.events.last?.name == "error")
    #expect(stream.values.last?["error"]?["type"] == "overloaded_error")
    #expect(stream.events.first?.name == "message_start")
    let whole = try await response(.errorEvent)
    #expect(whole.status == 200)
    #expect(whole.json["error"]?["type"] == "server_error")
  }

  @Test func `Events come twice`() async throws {
    let stream = try await response(.duplicateEvents, .gemini, stream: true)
    let texts = stream.events.map(\.data)
    #expect(texts.count == 8)
    for index in stride(from: 0, to: texts.count - 1, by: 2) { #expect(texts[index] == texts[index + 1]) }
  }

  @Test func `A megabyte of nothing is a megabyte`() async throws {
    let whole = try await response(.blank(bytes: 1_000_000))
    #expect(whole.rest.count == 983_040)
    #expect(whole.rest.allSatisfy { $0 == 0x20 })
    let stream = try await response(.blank(bytes: 1_000_000), stream: true)
    #expect(stream.rest.count == 983_040)
    #expect(stream.events.allSatisfy { $0.name == nil && $0.data.isEmpty })
  }

  @Test func `Gzip can be read`() async throws {
    let response = try await response(.gzip)
    #expect(response.header("content-encoding") == "gzip")
    let body = response.rest
    try #require(body.count > 33 && Array(body[0..<3]) == [0x1F, 0x8B, 8])
    // One stored block: its mark, its length and what is left of that, then the content, a checksum and a length.
    let length = Int(body[11]) | Int(body[12]) << 8
    #expect(body.count == 10 + 5 + length + 8)
    let content = Array(body[15..<(15 + length)])
    #expect(try Value(json: String(decoding: content, as: UTF8.self))["object"] == "chat.completion")
  }

  @Test func `Unknown fields are everywhere but in arguments`() async throws {
    let call = ServedAnswer.call("price", ["name": "Aurora"]).with(.unknownFields)
    try await ModelServer.serve([call, .text("Hello.").with(.unknownFields)]) { server in
      let block = try await server.ask(.messages).json["content"]?[0]
      #expect(block?["x_novelty"] != nil)
      #expect(block?["input"] == ["name": "Aurora"])
      let stream = try await server.ask(.messages, stream: true)
      #expect(stream.events.contains { $0.name == "novelty" })
      #expect(stream.values.allSatisfy { $0["x_novelty"] != nil || $0["type"] == "novelty" })
    }
  }

  @Test(arguments: Fault.Place.allCases) func `A stall lasts until the server stops`(place: Fault.Place) async throws {
    let task = try await ModelServer.serve([.text("never").with(.stall(place))]) { server in
      let task = Task { try await server.ask(.chatCompletions) }
      await server.received(1)
      #expect(server.openConnections == 1)
      return task
    }
    // The server has stopped, which must have ended the stalled response.
    let response = try await task.value
    #expect(response.isHeadComplete == (place == .afterHeaders))
    if place == .beforeHeaders { #expect(response.bytes.isEmpty) }
  }
}
