import SwiftSyntax

/// A number that stands in the source as a literal.
struct Literal {
  /// As it was written.
  let text: String
  let number: Double
  let isWhole: Bool

  /// Reads a decimal literal with or without a sign; nil for every other expression, which only the compiler knows.
  init?(_ expression: ExprSyntax) {
    let digits: String
    if let literal = expression.as(IntegerLiteralExprSyntax.self) {
      (digits, isWhole) = (literal.literal.text, true)
    } else if let literal = expression.as(FloatLiteralExprSyntax.self) {
      (digits, isWhole) = (literal.literal.text, false)
    } else if let prefix = expression.as(PrefixOperatorExprSyntax.self), prefix.operator.text == "-",
      let positive = Literal(prefix.expression)
    {
      (text, number, isWhole) = ("-\(positive.text)", -positive.number, positive.isWhole)
      return
    } else {
      return nil
    }
    guard let number = Double(digits.filter { $0 != "_" }) else { return nil }
    (text, self.number) = (digits, number)
  }
}

/// The bounds that a constraint sets, as far as they stand in the source as literals.
struct Bounds {
  private(set) var low: Literal?
  private(set) var high: Literal?

  /// Reads the argument of a constraint.
  init(_ constraint: Constraint) {
    guard let argument = constraint.arguments.first?.expression else { return }
    switch constraint.name {
    case "minimum", "minimumCount": low = Literal(argument)
    case "maximum", "maximumCount": high = Literal(argument)
    case "range", "count", "length":
      guard let (left, right) = Self.sides(argument) else {
        low = Literal(argument)
        high = low
        return
      }
      (low, high) = (Literal(left), Literal(right))
    default: break
    }
  }

  /// The sides of `a...b`, which the compiler hands over folded or not, in parentheses or not.
  private static func sides(_ expression: ExprSyntax) -> (ExprSyntax, ExprSyntax)? {
    if let tuple = expression.as(TupleExprSyntax.self), tuple.elements.count == 1, let only = tuple.elements.first {
      return sides(only.expression)
    }
    if let range = expression.as(InfixOperatorExprSyntax.self) {
      return range.operator.trimmedDescription == "..." ? (range.leftOperand, range.rightOperand) : nil
    }
    guard let sequence = expression.as(SequenceExprSyntax.self)?.elements, sequence.count == 3 else { return nil }
    let parts = Array(sequence)
    return parts[1].trimmedDescription == "..." ? (parts[0], parts[2]) : nil
  }
}
