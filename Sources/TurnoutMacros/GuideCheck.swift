import SwiftSyntax

/// Checks that constraints fit the type that they stand at and make sense together.
struct GuideCheck {
  /// The type as messages name it.
  let subject: String
  let type: GuidedType

  /// Checks the constraints of one property, or of the elements of one array.
  func check(_ constraints: [LabeledExprSyntax], _ complaints: inout Complaints) {
    var decided: [String: String] = [:]
    var lowest: Literal?
    var highest: Literal?
    for argument in constraints {
      guard let constraint = Constraint(argument.expression) else {
        complaints.add("a guide must be written out here, such as .range(0...10)", at: argument.expression)
        continue
      }
      guard fits(constraint, &complaints) else { continue }
      for aspect in constraint.aspects {
        if let other = decided.updateValue(constraint.name, forKey: aspect) {
          complaints.add("'.\(constraint.name)' decides what '.\(other)' decided already", at: constraint.node)
          break
        }
      }
      let bounds = Bounds(constraint)
      check(bounds, of: constraint, &complaints)
      (lowest, highest) = (bounds.low ?? lowest, bounds.high ?? highest)
      guard bounds.low == nil || bounds.high == nil, let lowest, let highest else { continue }
      if lowest.number > highest.number {
        complaints.add("the minimum \(lowest.text) is greater than the maximum \(highest.text)", at: constraint.node)
      }
    }
  }

  private func fits(_ constraint: Constraint, _ complaints: inout Complaints) -> Bool {
    guard let fitting = type.fitting else { return true }
    guard fitting.contains(constraint.name) else {
      let instead =
        fitting.isEmpty
        ? "it takes only a description" : "what fits is \(fitting.map { ".\($0)" }.joined(separator: ", "))"
      complaints.add("'.\(constraint.name)' does not fit \(subject); \(instead)", at: constraint.node)
      return false
    }
    if constraint.name == "element", case .array(let element) = type.wrapped {
      GuideCheck(subject: "the elements of \(subject)", type: element).check(Array(constraint.arguments), &complaints)
    }
    return true
  }

  private func check(_ bounds: Bounds, of constraint: Constraint, _ complaints: inout Complaints) {
    guard let argument = constraint.arguments.first?.expression else { return }
    if let low = bounds.low, let high = bounds.high, low.number > high.number {
      complaints.add("the range is upside down: \(low.text) is greater than \(high.text)", at: argument)
    }
    let literals = [bounds.low, bounds.high].compactMap(\.self)
    if type.wrapped == .integer, let broken = literals.first(where: { !$0.isWhole }) {
      complaints.add("\(subject) is whole, \(broken.text) is not", at: argument)
    }
    let counts = ["count", "minimumCount", "maximumCount", "length"]
    if counts.contains(constraint.name), let negative = literals.first(where: { $0.number < 0 }) {
      complaints.add("\(negative.text) is negative; '.\(constraint.name)' counts from 0", at: argument)
    }
    if constraint.name == "anyOf", argument.as(ArrayExprSyntax.self)?.elements.isEmpty == true {
      complaints.add("a choice of nothing: no answer would fit", at: argument)
    }
  }
}
