import NIOHTTP1
import TurnoutCore

/// Reads what Google's server says when it refuses.
enum GeminiError {
  static func error(_ answer: HTTPAnswer, _ endpoint: ModelEndpoint) -> ModelError {
    let value = (try? answer.value()) ?? .null
    // Streams put the error into a list of one.
    let details = value["error"] ?? value[0]?["error"] ?? .null
    var error = error(status: Int(answer.status.code), details, endpoint)
    error.retryAfter = delay(details) ?? WaitHeaders.wait(answer.headers)
    error.shouldRetry = WaitHeaders.shouldRetry(answer.headers)
    error.limits = LimitHeaders.limits(answer.headers)
    return error
  }

  /// An error by its status word, which a stream that was called good has too; else by its number.
  static func error(status: Int, _ details: Value, _ endpoint: ModelEndpoint) -> ModelError {
    let provider = endpoint.provider
    let address = HTTPTransport.address(endpoint.baseURL)
    let message = details["message"]?.string ?? ""
    let words = endpoint.words(message)
    let reasons = (details["details"]?.array ?? []).compactMap { $0["reason"]?.string }
    if reasons.contains("API_KEY_INVALID") || message.contains("API key not valid") {
      return .authentication(provider, "\(address) refused the API key; check the key that is set")
    }
    switch (details["status"]?.string ?? "", status) {
    case ("UNAUTHENTICATED", _), ("PERMISSION_DENIED", _), (_, 401), (_, 403):
      return .authentication(provider, "\(address) refused the API key; check the key that is set")
    case (_, 402): return .quotaExhausted(provider, "the account is used up (HTTP 402)")
    case ("NOT_FOUND", _), (_, 404): return .notFound(provider, "\(address) does not know this model\(words)")
    case ("RESOURCE_EXHAUSTED", _), (_, 429):
      return isDaily(details)
        ? .quotaExhausted(provider, "the quota of the day is used up; waiting a little does not help")
        : .rateLimited(provider, "too many requests; try again later")
    case ("UNAVAILABLE", _), (_, 503), (_, 529): return .overloaded(provider, "\(address) is overloaded")
    case ("DEADLINE_EXCEEDED", _), (_, 408), (_, 504): return .timeout(provider, "\(address) took too long")
    case ("INVALID_ARGUMENT", _) where message.contains("token count") || message.contains("exceeds the maximum"):
      return .contextWindow(
        provider,
        "the request is longer than the model can read; shorten the input or use a model with a larger context")
    case (_, 500...), ("INTERNAL", _), ("UNKNOWN", _): return .server(provider, "\(address) failed\(words)")
    default: return .refused(provider, "\(address) refused the request\(words)")
    }
  }

  private static func isDaily(_ details: Value) -> Bool {
    let violations = (details["details"]?.array ?? []).flatMap { $0["violations"]?.array ?? [] }
    return violations.contains { $0["quotaId"]?.string?.contains("PerDay") == true }
  }

  /// How long it asks to wait: `"22s"`, at most a day.
  private static func delay(_ details: Value) -> Duration? {
    for detail in details["details"]?.array ?? [] {
      guard let text = detail["retryDelay"]?.string, text.hasSuffix("s"), let seconds = Double(text.dropLast()),
        (0...86_400).contains(seconds)
      else { continue }
      return .seconds(seconds)
    }
    return nil
  }
}
