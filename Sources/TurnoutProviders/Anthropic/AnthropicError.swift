import NIOHTTP1
import TurnoutCore

/// Reads what Anthropic's server says when it refuses.
enum AnthropicError {
  static func error(_ answer: HTTPAnswer, _ endpoint: ModelEndpoint) -> ModelError {
    let value = (try? answer.value()) ?? .null
    var error = error(status: Int(answer.status.code), value["error"] ?? value, endpoint)
    let id = answer.headers.first(name: "request-id") ?? value["request_id"]?.string
    error.requestID = id.map { String($0.prefix(100)) }
    error.retryAfter = WaitHeaders.wait(answer.headers)
    error.shouldRetry = WaitHeaders.shouldRetry(answer.headers)
    error.limits = LimitHeaders.limits(answer.headers)
    return error
  }

  /// An error by its type, which a stream that was called good has too; else by its status.
  static func error(status: Int, _ details: Value, _ endpoint: ModelEndpoint) -> ModelError {
    let provider = endpoint.provider
    let address = HTTPTransport.address(endpoint.baseURL)
    let message = details["message"]?.string ?? ""
    let words = endpoint.words(message)
    let type = details["type"]?.string ?? ""
    if type == "billing_error" || status == 402 || message.contains("usage limits")
      || details["details"]?["error_code"]?.string == "enforced_spend_limit_reached" || message.contains("spend limit")
      || message.contains("credit balance is too low")
    {
      return .quotaExhausted(provider, "the account's limit or credit is used up; waiting a little does not help")
    }
    if type == "invalid_request_error", isTooLong(message) {
      return .contextWindow(
        provider,
        "the request is longer than the model can read; shorten the input or use a model with a larger context")
    }
    switch (type, status) {
    case ("authentication_error", _), ("permission_error", _), (_, 401), (_, 403):
      return .authentication(provider, "\(address) refused the API key; check the key that is set")
    case ("not_found_error", _), (_, 404): return .notFound(provider, "\(address) does not know this model\(words)")
    case ("rate_limit_error", _), (_, 429):
      return .rateLimited(provider, "too many requests; try again later")
    case ("overloaded_error", _), (_, 529), (_, 503): return .overloaded(provider, "\(address) is overloaded")
    case ("timeout_error", _), (_, 408), (_, 504): return .timeout(provider, "\(address) took too long")
    case ("request_too_large", _), (_, 413):
      return .contextWindow(provider, "the request is larger than the server takes; shorten the input")
    case ("api_error", _), (_, 500...): return .server(provider, "\(address) failed\(words)")
    default: return .refused(provider, "\(address) refused the request\(words)")
    }
  }

  private static func isTooLong(_ message: String) -> Bool {
    message.contains("prompt is too long") || message.contains("exceed context limit")
      || message.contains("maximum context")
  }
}
