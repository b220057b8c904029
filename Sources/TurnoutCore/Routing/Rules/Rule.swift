/// A route that is taken when all of its conditions hold.
///
/// ```swift
/// Rule(route: "billing", when: [.words(["invoice", "发票"])])
/// Rule(route: nil, when: [.length(atMost: 3)], name: "too short")
/// ```
public struct Rule: Sendable, Hashable {
  /// The route; nil says that none of the routes is meant.
  public let route: String?
  /// What must hold, all of it; a rule without conditions always matches.
  public let conditions: [RuleCondition]
  /// Rules with a higher priority are tried first.
  public let priority: Int
  /// What decisions call the rule, besides its number.
  public let name: String?

  /// A rule.
  public init(route: String?, when conditions: [RuleCondition], priority: Int = 0, name: String? = nil) {
    self.route = route
    self.conditions = conditions
    self.priority = priority
    self.name = name
  }

  /// What of a request fulfilled the conditions, in words; nil when one of them does not hold.
  func match(_ input: inout RuleInput) -> String? {
    var reasons: [String] = []
    for condition in conditions {
      guard let reason = condition.holds(for: &input) else { return nil }
      reasons.append(reason)
    }
    return reasons.isEmpty ? "it has no conditions" : reasons.joined(separator: ", ")
  }
}
