/// What a fan-out does when a branch fails or is late.
public enum FailurePolicy: Sendable, Hashable {
  /// The first failure cancels the rest and fails the whole.
  case failFast
  /// Every branch runs to its end, whatever becomes of the others; nothing fails the whole.
  case settle
  /// The first `k` successes are enough and cancel the rest; the whole fails once they cannot be reached.
  case quorum(Int)
  /// Every branch may run until the deadline, counted from the start; then the rest is cancelled. The whole fails
  /// unless at least `k` have succeeded, and as soon as they cannot any more.
  case atLeast(Int, by: Duration)

  /// The number of successes without which the whole fails.
  func required(of count: Int) -> Int {
    switch self {
    case .failFast: count
    case .settle: 0
    case .quorum(let k), .atLeast(let k, _): k
    }
  }

  var deadline: Duration? {
    if case .atLeast(_, let deadline) = self { deadline } else { nil }
  }
}

/// Decides, outcome by outcome, whether a fan-out goes on. A value, so that the policies can be tested by themselves.
struct Settlement {
  enum Verdict: Equatable { case goOn, enough, hopeless }

  private let policy: FailurePolicy
  private let count: Int
  private(set) var succeeded = 0
  private(set) var failed = 0

  init(_ policy: FailurePolicy, count: Int) {
    self.policy = policy
    self.count = count
  }

  mutating func record(success: Bool) -> Verdict {
    if success { succeeded += 1 } else { failed += 1 }
    if failed > count - policy.required(of: count) { return policy == .settle ? .goOn : .hopeless }
    if case .quorum(let k) = policy, succeeded >= k { return .enough }
    return .goOn
  }

  /// Whether the whole is good, now that nothing more comes.
  var isSatisfied: Bool { succeeded >= policy.required(of: count) }
}
