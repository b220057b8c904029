import TestSupport
import Testing
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

/// What the servers of Anthropic, Google and OpenAI's Responses say when they refuse, and what it is told as.
@Suite struct VendorErrorTests {
  @Test(arguments: [
    (
      VendorWireTests.Vendor.anthropic, 401,
      #"{"type":"error","error":{"type":"authentication_error","message":"invalid {key}"}}"#, "authentication"
    ),
    (.anthropic, 404, #"{"type":"error","error":{"type":"not_found_error","message":"model: x"}}"#, "not_found"),
    (.anthropic, 429, #"{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}"#, "rate_limited"),
    (.anthropic, 529, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, "overloaded"),
    (.anthropic, 500, #"{"type":"error","error":{"type":"api_error","message":"{key}"}}"#, "server"),
    (
      .anthropic, 400,
      #"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}}"#,
      "context_window"
    ),
    (
      .anthropic, 400,
      #"{"type":"error","error":{"type":"invalid_request_error","message":"You have reached your specified API usage limits."}}"#,
      "quota_exhausted"
    ),
    (.anthropic, 402, #"{"type":"error","error":{"type":"billing_error","message":"x"}}"#, "quota_exhausted"),
    (
      .anthropic, 400, #"{"type":"error","error":{"type":"invalid_request_error","message":"messages: bad"}}"#,
      "refused"
    ),
    (
      .gemini, 400,
      #"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#,
      "authentication"
    ),
    (
      .gemini, 429,
      #"[{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED","details":[{"retryDelay":"22s"}]}}]"#,
      "rate_limited"
    ),
    (
      .gemini, 429,
      #"{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"GenerateRequestsPerDayPerProject"}]},{"retryDelay":"22s"}]}}"#,
      "quota_exhausted"
    ),
    (
      .gemini, 503, #"{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}"#, "overloaded"
    ),
    (.gemini, 404, #"{"error":{"code":404,"status":"NOT_FOUND"}}"#, "not_found"),
    (
      .gemini, 400,
      #"{"error":{"code":400,"message":"The input token count (1048577) exceeds the maximum","status":"INVALID_ARGUMENT"}}"#,
      "context_window"
    ),
    (.gemini, 504, #"{"error":{"code":504,"status":"DEADLINE_EXCEEDED"}}"#, "timeout"),
    (.responses, 429, #"{"error":{"type":"insufficient_quota","code":"insufficient_quota"}}"#, "quota_exhausted"),
    (.responses, 401, #"{"error":{"message":"{key}"}}"#, "authentication"),
  ])
  func `A refusal has its kind, and never the key`(
    vendor: VendorWireTests.Vendor, status: Int, body: String, label: String
  )
    async throws
  {
    // Not in the arguments, which are printed.
    let body = body.replacing("{key}", with: Remains.key)
    try await withServer(.json(body, status: status)) { server in
      let error = try await modelError { try await vendor.model(server).respond(to: .hello, in: Run(), onDelta: nil) }
      #expect(error.label == label)
      #expect(!error.description.contains(Remains.key))
      #expect(!error.description.contains("\n"))
      if body.contains("22s"), label == "rate_limited" { #expect(error.retryAfter == .seconds(22)) }
    }
  }

  @Test(arguments: [
    (
      VendorWireTests.Vendor.anthropic, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
      "overloaded"
    ),
    (.gemini, #"{"error":{"code":503,"status":"UNAVAILABLE"}}"#, "overloaded"),
    (.responses, #"{"type":"response.failed","response":{"error":{"code":"server_error","message":"x"}}}"#, "server"),
  ])
  func `An error in the middle of a stream is one`(vendor: VendorWireTests.Vendor, event: String, label: String)
    async throws
  {
    let events = Array(vendor.thinkingStream.prefix(9)).dropLast(vendor == .anthropic ? 0 : 1) + [event]
    try await withServer(.events(Array(events), done: false)) { server in
      let pieces = Pieces()
      let error = try await modelError {
        try await vendor.model(server).respond(to: VendorWireTests.asking, in: Run(), onDelta: pieces.handler)
      }
      #expect(error.label == label)
      #expect(pieces.text.hasPrefix("I "), "what came before is passed on")
    }
  }

  @Test(arguments: [
    (VendorWireTests.Vendor.anthropic, #"{"content":[],"stop_reason":"refusal"}"#),
    (.gemini, #"{"promptFeedback":{"blockReason":"SAFETY"}}"#),
    (.gemini, #"{"candidates":[{"finishReason":"SAFETY"}]}"#),
    (
      .responses, #"{"status":"completed","output":[{"type":"message","content":[{"type":"refusal","refusal":"no"}]}]}"#
    ),
    (.responses, #"{"status":"incomplete","incomplete_details":{"reason":"content_filter"},"output":[]}"#),
  ])
  func `What is held back is an error`(vendor: VendorWireTests.Vendor, body: String) async throws {
    try await withServer(.json(body)) { server in
      let error = try await modelError { try await vendor.model(server).respond(to: .hello, in: Run(), onDelta: nil) }
      #expect(error.label == "content_filtered")
    }
  }
}
