public import SwiftSyntax
public import SwiftSyntaxMacros

/// `@Guide`: writes nothing; `@Generable` reads it. Here it only says when nobody would.
public struct GuideMacro: PeerMacro {
  /// Writes nothing, and says so where the guide could have no effect.
  public static func expansion(
    of node: AttributeSyntax, providingPeersOf declaration: some DeclSyntaxProtocol,
    in context: some MacroExpansionContext
  ) throws -> [DeclSyntax] {
    var complaints = Complaints()
    if let reason = reason(declaration, in: context.lexicalContext) {
      complaints.add("@Guide has no effect here: \(reason)", at: node)
    }
    complaints.report(in: context)
    return []
  }

  /// Why a guide at a declaration has no effect; nil when it has.
  private static func reason(_ declaration: some DeclSyntaxProtocol, in context: [Syntax]) -> String? {
    if let variable = declaration.as(VariableDeclSyntax.self) {
      guard variable.isStored else { return "the property is not stored, so it is not part of the schema" }
    } else if !declaration.is(EnumCaseDeclSyntax.self) {
      return "it belongs to a stored property or to a case"
    }
    let owner = context.first?.asProtocol((any WithAttributesSyntax).self)
    guard owner?.attributes.contains(where: { $0.isNamed("Generable") }) == true else {
      return "the type is not @Generable"
    }
    return nil
  }
}

extension AttributeListSyntax.Element {
  /// Whether this is an attribute of a name, with this package's module in front of it or none.
  func isNamed(_ name: String) -> Bool {
    guard let text = self.as(AttributeSyntax.self)?.attributeName.trimmedDescription else { return false }
    return text == name || text == "Turnout.\(name)"
  }
}
