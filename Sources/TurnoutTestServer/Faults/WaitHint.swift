/// How a refusal says how long to wait, in every form that vendors use.
public enum WaitHint: Sendable, Hashable {
  /// `retry-after` with a number of seconds.
  case seconds(Int)
  /// `retry-after` with an HTTP date, which lies so far ahead.
  case date(Duration)
  /// `retry-after-ms`.
  case milliseconds(Int)
  /// `google.rpc.RetryInfo` in the body; only Gemini's wire has it.
  case retryInfo(Duration)

  var headers: [(String, String)] {
    switch self {
    case .seconds(let seconds): [("retry-after", String(seconds))]
    case .date(let wait): [("retry-after", CivilTime.inFuture(wait).httpText)]
    case .milliseconds(let milliseconds): [("retry-after-ms", String(milliseconds))]
    case .retryInfo: []
    }
  }
}

/// A server's refusal of a request.
public struct Refusal: Sendable, Hashable {
  /// The HTTP status.
  public let status: Int
  /// How long it asks to wait.
  public let hint: WaitHint?
  /// Whether the account is used up, so that waiting does not help.
  public let isQuota: Bool

  /// A refusal; one for a quota is only one with the status 429.
  public init(_ status: Int, after hint: WaitHint? = nil, isQuota: Bool = false) {
    self.status = max(400, min(599, status))
    self.hint = hint
    self.isQuota = isQuota && status == 429
  }

  var message: String {
    isQuota
      ? "You exceeded your current quota, please check your plan and billing details."
      : "the test server refuses this request with \(status)"
  }
}
