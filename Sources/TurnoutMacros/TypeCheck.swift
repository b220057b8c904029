import SwiftSyntax

/// Checks one type that a schema is made from, with the guides at it.
struct TypeCheck {
  let type: TypeSyntax
  let owner: String

  /// A type inside an owner, which it must not contain.
  init(_ type: TypeSyntax, in owner: String) {
    (self.type, self.owner) = (type, owner)
  }

  /// Says what is wrong with the type or with the guides.
  func check(_ constraints: [LabeledExprSyntax] = [], _ complaints: inout Complaints) {
    let guided = GuidedType(type)
    if let reason = guided.impossibility { complaints.add(reason, at: type) }
    if let place = mentionOfOwner(in: Syntax(type)) {
      complaints.add("'\(owner)' would contain itself, and its schema would never end", at: place)
    }
    GuideCheck(subject: "'\(type.trimmedDescription)'", type: guided).check(constraints, &complaints)
  }

  /// `Other.Node` inside `Node` is another type, so only plain names count.
  private func mentionOfOwner(in node: Syntax) -> IdentifierTypeSyntax? {
    if let type = node.as(IdentifierTypeSyntax.self), type.name.text == owner || type.name.text == "Self" {
      return type
    }
    for child in node.children(viewMode: .sourceAccurate) {
      if let found = mentionOfOwner(in: child) { return found }
    }
    return nil
  }
}
