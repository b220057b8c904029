import SwiftSyntax

/// A case of an enum with what it carries.
struct EnumCase {
  /// The name as code spells it, with backticks where they were written.
  let code: String
  /// The name as a key.
  let key: String
  let guides: Guides
  let payload: [Payload]

  /// One value that a case carries.
  struct Payload {
    /// The label with its colon for a call; empty where there is none.
    let label: String
    /// The key in the object.
    let key: String
    let type: TypeSyntax
  }

  /// The cases among members, in order.
  static func all(in declaration: EnumDeclSyntax, _ complaints: inout Complaints) -> [Self] {
    let members = declaration.memberBlock.members
    members.refuseConditionalStorage(&complaints)
    var cases: [Self] = []
    for member in members {
      guard let group = member.decl.as(EnumCaseDeclSyntax.self) else { continue }
      let guides = Guides(group.attributes, &complaints)
      for constraint in guides.constraints {
        complaints.add("a case takes only a description", at: constraint)
      }
      for element in group.elements {
        cases.append(Self(element, guides, in: declaration.name.key, &complaints))
      }
    }
    if cases.isEmpty {
      complaints.add("an enum without cases has no values to ask for", at: declaration.name)
    }
    return cases
  }

  private init(
    _ element: EnumCaseElementSyntax, _ guides: Guides, in owner: String, _ complaints: inout Complaints
  ) {
    (code, key) = (element.name.text, element.name.key)
    self.guides = guides
    let parameters = element.parameterClause.map { Array($0.parameters) } ?? []
    let unlabelled = parameters.count { $0.label == nil }
    var number = 0
    var payload: [Payload] = []
    for parameter in parameters {
      if parameter.label == nil { number += 1 }
      let name = parameter.label?.key ?? (unlabelled == 1 ? "value" : "value\(number)")
      Self.check(name, parameter, beside: payload, in: owner, &complaints)
      let label = parameter.label.map { "\($0.text): " } ?? ""
      payload.append(Payload(label: label, key: name, type: parameter.type))
    }
    self.payload = payload
    if key == GenerableMacro.memberNames.schema, payload.isEmpty {
      complaints.add("a case cannot be called '\(key)': Generable has a static member of that name", at: element.name)
    }
  }

  private static func check(
    _ key: String, _ parameter: EnumCaseParameterSyntax, beside others: [Payload], in owner: String,
    _ complaints: inout Complaints
  ) {
    if key == "case" {
      complaints.add("a value cannot be labelled 'case': the case's own name stands there", at: parameter)
    } else if others.contains(where: { $0.key == key }) {
      complaints.add("two values of one case would both stand under '\(key)'; label them", at: parameter)
    }
    TypeCheck(parameter.type, in: owner).check([], &complaints)
  }
}

extension EnumCaseParameterSyntax {
  /// The label; nil where there is none or where it is `_`.
  fileprivate var label: TokenSyntax? {
    firstName.flatMap { $0.tokenKind == .wildcard ? nil : $0 }
  }
}
