import SwiftParser
import SwiftSyntax

/// The words of an attribute: its first argument, without label or labelled `description`.
struct Description {
  /// The expression as it was written; nil when there is none, or a literal `nil`.
  let source: String?

  /// The words of `@Generable` or `@Guide`.
  init(attribute: AttributeSyntax) {
    guard case .argumentList(let arguments) = attribute.arguments, let first = arguments.first,
      first.label == nil || first.label?.text == "description", !Self.isConstraint(first)
    else {
      source = nil
      return
    }
    source = Self.onOneLine(first.expression)
  }

  /// No words.
  init() { source = nil }

  /// A literal of several lines would be torn by the indentation of what stands around it.
  private static func onOneLine(_ words: ExprSyntax) -> String {
    guard let literal = words.as(StringLiteralExprSyntax.self), literal.openingQuote.tokenKind == .multilineStringQuote,
      let text = literal.representedLiteralValue
    else { return words.trimmedDescription }
    return GeneratedMembers.quoted(text)
  }

  /// Whether an argument is a constraint such as `.range(0...10)`, and no words.
  static func isConstraint(_ argument: LabeledExprSyntax) -> Bool {
    guard argument.label == nil, let call = argument.expression.as(FunctionCallExprSyntax.self),
      let member = call.calledExpression.as(MemberAccessExprSyntax.self)
    else { return false }
    return member.base.map { $0.trimmedDescription.hasSuffix("GuideConstraint") } ?? true
  }

  /// A schema with the words around it.
  func around(_ schema: String) -> String {
    source.map { ".described(\($0), \(schema))" } ?? schema
  }
}
