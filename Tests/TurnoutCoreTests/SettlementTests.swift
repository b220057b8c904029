import Testing

@testable import TurnoutCore

/// The policies by themselves: outcomes go in, verdicts come out.
@Suite struct SettlementTests {
  private func verdicts(_ policy: FailurePolicy, of count: Int, _ outcomes: String) -> String {
    var settlement = Settlement(policy, count: count)
    return outcomes.map { outcome in
      switch settlement.record(success: outcome == "+") {
      case .goOn: "."
      case .enough: "!"
      case .hopeless: "x"
      }
    }.joined()
  }

  @Test(
    arguments: [
      (.failFast, 3, "+++", "..."), (.failFast, 3, "+-", ".x"), (.failFast, 1, "-", "x"),
      (.settle, 3, "---", "..."), (.settle, 3, "+-+", "..."),
      (.quorum(2), 3, "++", ".!"), (.quorum(2), 3, "-++", "..!"), (.quorum(2), 3, "--", ".x"),
      (.quorum(1), 3, "+", "!"),
      (.quorum(3), 3, "++-", "..x"), (.quorum(3), 3, "+++", "..!"),
      (.atLeast(2, by: .seconds(1)), 3, "+++", "..."), (.atLeast(2, by: .seconds(1)), 3, "+--", "..x"),
      (.atLeast(0, by: .seconds(1)), 2, "--", ".."),
    ] as [(FailurePolicy, Int, String, String)])
  func decides(policy: FailurePolicy, count: Int, outcomes: String, expected: String) {
    #expect(verdicts(policy, of: count, outcomes) == expected)
  }

  @Test(
    arguments: [
      (.failFast, 2, 2, true), (.failFast, 2, 1, false), (.settle, 2, 0, true), (.quorum(1), 2, 1, true),
      (.quorum(1), 2, 0, false), (.atLeast(2, by: .zero), 3, 2, true), (.atLeast(2, by: .zero), 3, 1, false),
      (.failFast, 0, 0, true), (.atLeast(0, by: .zero), 0, 0, true),
    ] as [(FailurePolicy, Int, Int, Bool)])
  func isSatisfiedByEnoughSuccesses(policy: FailurePolicy, count: Int, successes: Int, expected: Bool) {
    var settlement = Settlement(policy, count: count)
    for _ in 0..<successes { _ = settlement.record(success: true) }
    #expect(settlement.isSatisfied == expected)
    #expect(settlement.succeeded == successes)
  }
}
