import SwiftSyntax

/// What the `@Guide` attributes of a declaration say.
struct Guides {
  /// The words for the model.
  private(set) var description = Description()
  /// The constraints, in order.
  private(set) var constraints: [LabeledExprSyntax] = []

  /// Reads the guides among attributes; those of other modules are left alone.
  init(_ attributes: AttributeListSyntax, _ complaints: inout Complaints) {
    for attribute in attributes where attribute.isNamed("Guide") {
      guard let attribute = attribute.as(AttributeSyntax.self), case .argumentList(let list) = attribute.arguments
      else {
        continue
      }
      let words = Description(attribute: attribute)
      if words.source != nil, description.source != nil {
        complaints.add("a second description; one property has one", at: attribute)
      }
      if words.source != nil { description = words }
      constraints += list.dropFirst(words.source == nil ? 0 : 1)
    }
  }

  /// The arguments of a property after its name and type: the words, then the constraints.
  var arguments: String {
    let words = description.source ?? (constraints.isEmpty ? nil : "nil")
    let all = [words].compactMap(\.self) + constraints.map { Constraint.source($0.expression) }
    return all.map { ", \($0)" }.joined()
  }
}

/// One constraint of a guide, such as `.range(0...10)`.
struct Constraint {
  /// What it is called.
  let name: String
  /// What stands in its parentheses.
  let arguments: LabeledExprListSyntax
  /// Where its name stands.
  let node: TokenSyntax

  /// Reads a constraint; nil for an expression that is none as it is written.
  init?(_ expression: ExprSyntax) {
    guard let call = expression.as(FunctionCallExprSyntax.self),
      let member = call.calledExpression.as(MemberAccessExprSyntax.self)
    else { return nil }
    name = member.declName.baseName.text
    arguments = call.arguments
    node = member.declName.baseName
  }

  /// The constraint for generated code, where it is a typed guide: a base that was written out falls away.
  static func source(_ expression: ExprSyntax) -> String {
    guard let constraint = Constraint(expression) else { return expression.trimmedDescription }
    let arguments = constraint.arguments.map { argument in
      constraint.name == "element" ? source(argument.expression) : argument.expression.trimmedDescription
    }
    return ".\(constraint.name)(\(arguments.joined(separator: ", ")))"
  }

  /// What it decides; two constraints of one property must not decide the same.
  var aspects: Set<String> {
    switch name {
    case "range": ["minimum", "maximum"]
    case "count": ["minimumCount", "maximumCount"]
    case "anyOf", "length": ["text"]
    default: [name]
    }
  }
}
