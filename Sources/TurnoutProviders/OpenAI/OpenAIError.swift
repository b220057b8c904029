import NIOHTTP1
import TurnoutCore

/// Reads what a server says when it refuses.
enum OpenAIError {
  static func error(_ answer: HTTPAnswer, _ endpoint: OpenAIEndpoint) -> ModelError {
    let value = (try? answer.value()) ?? .null
    let details = value["error"] ?? value[0]?["error"] ?? value
    var error = error(status: Int(answer.status.code), details, endpoint)
    error.requestID = answer.headers.first(name: "x-request-id").map { String($0.prefix(100)) }
    error.retryAfter = WaitHeaders.wait(answer.headers)
    error.shouldRetry = WaitHeaders.shouldRetry(answer.headers)
    error.limits = LimitHeaders.limits(answer.headers)
    return error
  }

  /// An error that a server reports in a body it has called good.
  static func error(inStream details: Value, _ endpoint: OpenAIEndpoint) -> ModelError {
    let status = details["code"]?.int ?? 500
    return error(status: (400...599).contains(status) ? status : 500, details, endpoint)
  }

  private static func error(status: Int, _ details: Value, _ endpoint: OpenAIEndpoint) -> ModelError {
    let provider = endpoint.provider
    let address = HTTPTransport.address(endpoint.baseURL)
    let type = details["type"]?.string ?? ""
    let code = details["code"]?.string ?? type
    let words = words(details, endpoint)
    if isContextOverflow(code, words) {
      let advice = "shorten the input or use a model with a larger context"
      return .contextWindow(provider, "the request is longer than the model can read\(sizes(details)); \(advice)")
    }
    switch status {
    case 401, 403:
      // The server's own words can repeat parts of the key.
      return .authentication(provider, "\(address) refused the API key (HTTP \(status)); check the key that is set")
    case 402: return .quotaExhausted(provider, "the account is used up (HTTP 402)")
    case 404: return .notFound(provider, "\(address) does not know this model or address (HTTP 404)\(words)")
    case 429 where code == "insufficient_quota" || type == "insufficient_quota" || code.contains("billing"):
      return .quotaExhausted(provider, "the account's quota is used up; waiting does not help")
    case 429: return .rateLimited(provider, "too many requests (HTTP 429); try again later")
    case 408, 504: return .timeout(provider, "\(address) took too long (HTTP \(status))")
    case 503, 529: return .overloaded(provider, "\(address) is overloaded or still starting (HTTP \(status))")
    case 500...: return .server(provider, "\(address) failed (HTTP \(status))\(words)")
    default: return .refused(provider, "\(address) refused the request (HTTP \(status))\(words)")
    }
  }

  private static func words(_ details: Value, _ endpoint: OpenAIEndpoint) -> String {
    endpoint.server.words(details["message"]?.string ?? details.string)
  }

  private static func isContextOverflow(_ code: String, _ words: String) -> Bool {
    code == "context_length_exceeded" || code == "exceed_context_size_error"
      || words.contains("maximum context length") || words.contains("exceeds the available context size")
  }

  private static func sizes(_ details: Value) -> String {
    guard let prompt = details["n_prompt_tokens"]?.int, let context = details["n_ctx"]?.int else { return "" }
    return " (\(prompt) tokens, it reads \(context))"
  }
}
