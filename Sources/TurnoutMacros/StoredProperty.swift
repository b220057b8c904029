import SwiftSyntax

/// A stored property of a struct.
struct StoredProperty {
  /// The name as code spells it, with backticks where they were written.
  let code: String
  /// The name as a key.
  let key: String
  let type: TypeSyntax
  let guides: Guides

  /// The stored properties among members, in order.
  static func all(in members: MemberBlockItemListSyntax, of owner: String, _ complaints: inout Complaints) -> [Self] {
    members.refuseConditionalStorage(&complaints)
    return members.flatMap { member -> [Self] in
      guard let variable = member.decl.as(VariableDeclSyntax.self), variable.isStored else { return [] }
      return variable.storedBindings.compactMap { Self($0.binding, $0.type, of: variable, in: owner, &complaints) }
    }
  }

  private init?(
    _ binding: PatternBindingSyntax, _ type: TypeSyntax?, of variable: VariableDeclSyntax, in owner: String,
    _ complaints: inout Complaints
  ) {
    guard let name = binding.pattern.as(IdentifierPatternSyntax.self)?.identifier else {
      complaints.add("@Generable needs one name for each property", at: binding.pattern)
      return nil
    }
    (code, key) = (name.text, name.key)
    guides = Guides(variable.attributes, &complaints)
    if key == GenerableMacro.memberNames.value {
      complaints.add("a property cannot be called '\(key)': Generable has a member of that name", at: name)
    }
    if variable.bindingSpecifier.text == "let", binding.initializer != nil {
      complaints.add("'\(key)' is a constant, so no answer can set it; use 'var' or make it static", at: binding)
    }
    guard let type else {
      complaints.add(
        "'\(key)' needs its type written out, for a macro sees only what is written", at: binding,
        fixIts: [.annotating(binding)])
      return nil
    }
    self.type = type
    TypeCheck(type, in: owner).check(guides.constraints, &complaints)
  }
}

extension MemberBlockItemListSyntax {
  /// Says so where members inside `#if` would be part of a schema: a macro does not know which branch is compiled.
  func refuseConditionalStorage(_ complaints: inout Complaints) {
    for clause in compactMap({ $0.decl.as(IfConfigDeclSyntax.self) }).flatMap(\.clauses) {
      guard case .decls(let members) = clause.elements else { continue }
      for member in members {
        let isStored = member.decl.as(VariableDeclSyntax.self)?.isStored ?? member.decl.is(EnumCaseDeclSyntax.self)
        if isStored { complaints.add("what a schema is made of cannot stand inside #if", at: member.decl) }
      }
    }
  }
}
