import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacros

extension VariableDeclSyntax {
  /// Whether this is a stored property of an instance that is set when it is made.
  var isStored: Bool {
    let others: Set = ["static", "class", "lazy"]
    guard !modifiers.contains(where: { others.contains($0.name.text) }) else { return false }
    return bindings.contains { $0.isStored }
  }

  /// The stored bindings with their types; in `let x, y: Double` the type stands only at the last.
  var storedBindings: [(binding: PatternBindingSyntax, type: TypeSyntax?)] {
    var type: TypeSyntax?
    var bindings: [(PatternBindingSyntax, TypeSyntax?)] = []
    for binding in self.bindings.reversed() {
      // A name with a value of its own takes its type from there, not from its neighbour.
      type = binding.typeAnnotation?.type ?? (binding.initializer == nil ? type : nil)
      if binding.isStored { bindings.append((binding, type)) }
    }
    return bindings.reversed()
  }
}

extension PatternBindingSyntax {
  /// Whether there is storage: no accessors, or only observers.
  fileprivate var isStored: Bool {
    switch accessorBlock?.accessors {
    case nil: true
    case .getter: false
    case .accessors(let accessors):
      accessors.allSatisfy { ["willSet", "didSet"].contains($0.accessorSpecifier.text) }
    }
  }
}

extension TokenSyntax {
  /// The name without backticks.
  var key: String { identifier?.name ?? text }
}

extension FixIt {
  /// Writes the type of a property: the one that a literal tells, or a placeholder.
  static func annotating(_ binding: PatternBindingSyntax) -> FixIt {
    let type =
      switch binding.initializer?.value.kind {
      case .integerLiteralExpr: "Int"
      case .floatLiteralExpr: "Double"
      case .stringLiteralExpr: "String"
      case .booleanLiteralExpr: "Bool"
      default: "<#Type#>"
      }
    var annotated = binding
    annotated.pattern = binding.pattern.trimmed
    annotated.typeAnnotation = TypeAnnotationSyntax(
      colon: .colonToken(trailingTrivia: .space), type: TypeSyntax("\(raw: type)"),
      trailingTrivia: binding.initializer == nil ? [] : .space)
    return FixIt(
      message: MacroExpansionFixItMessage("write the type: '\(binding.pattern.trimmedDescription): \(type)'"),
      changes: [.replace(oldNode: Syntax(binding), newNode: Syntax(annotated))])
  }
}
