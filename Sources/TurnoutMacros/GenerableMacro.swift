public import SwiftSyntax
import SwiftSyntaxBuilder
public import SwiftSyntaxMacros

/// `@Generable`: an extension with the conformance, for structs and enums.
public struct GenerableMacro: ExtensionMacro {
  /// The members that the extension declares.
  static let memberNames = (schema: "schema", value: "value")

  /// Writes the extension, or says why it cannot.
  public static func expansion(
    of node: AttributeSyntax, attachedTo declaration: some DeclGroupSyntax,
    providingExtensionsOf type: some TypeSyntaxProtocol, conformingTo protocols: [TypeSyntax],
    in context: some MacroExpansionContext
  ) throws -> [ExtensionDeclSyntax] {
    var complaints = Complaints()
    let description = Description(attribute: node)
    let members: GeneratedMembers?
    if let declaration = declaration.as(StructDeclSyntax.self) {
      members = GeneratedMembers(declaration, description: description, &complaints)
    } else if let declaration = declaration.as(EnumDeclSyntax.self) {
      members = GeneratedMembers(declaration, description: description, &complaints)
    } else {
      let kind = declaration.is(ClassDeclSyntax.self) ? "a class" : "an actor"
      complaints.add(
        "@Generable needs a struct or an enum: what a model answers is a value, and \(kind) is not", at: node)
      members = nil
    }
    if let generic = declaration.asProtocol((any WithGenericParametersSyntax).self), let members {
      TypeParameters(generic).check(usedIn: members.types, &complaints)
    }
    let access = AccessLevel(of: declaration, in: context.lexicalContext, at: node, &complaints)
    guard complaints.isEmpty, let members else {
      complaints.report(in: context)
      return []
    }
    // A type that already says it is generable gets the members without a second conformance.
    let conformance = protocols.isEmpty ? "" : ": Turnout.Generable"
    let source = "extension \(type.trimmedDescription)\(conformance) {\n\(members.source(access: access))\n}"
    return [try ExtensionDeclSyntax("\(raw: source)")]
  }
}
