import SwiftSyntax

/// The type parameters of a declaration, and what is known about them.
struct TypeParameters {
  private let parameters: [GenericParameterSyntax]
  private let constrained: Set<String>

  /// The parameters of a struct or an enum.
  init(_ declaration: any WithGenericParametersSyntax) {
    parameters = declaration.genericParameterClause.map { Array($0.parameters) } ?? []
    constrained = Set(declaration.genericWhereClause?.requirements.flatMap { Self.names(in: $0) } ?? [])
  }

  /// Says so where a property has the type of a parameter that may be anything. A conformance only for some arguments
  /// would need one to Sendable for some arguments too, which is not a macro's to declare.
  func check(usedIn types: [TypeSyntax], _ complaints: inout Complaints) {
    let used = Set(types.flatMap { Self.names(in: $0) })
    for parameter in parameters where used.contains(parameter.name.text) {
      guard parameter.inheritedType == nil, !constrained.contains(parameter.name.text) else { continue }
      complaints.add(
        "'\(parameter.name.text)' must be generable too: write '\(parameter.name.text): Generable'", at: parameter)
    }
  }

  private static func names(in node: some SyntaxProtocol) -> [String] {
    node.tokens(viewMode: .sourceAccurate).map(\.text)
  }
}
