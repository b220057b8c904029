import SwiftSyntax

extension GeneratedMembers {
  /// The members of an enum: a choice of names, or of objects as soon as one case carries something.
  init?(_ declaration: EnumDeclSyntax, description: Description, _ complaints: inout Complaints) {
    let cases = EnumCase.all(in: declaration, &complaints)
    if cases.allSatisfy(\.payload.isEmpty) {
      for group in declaration.memberBlock.members.compactMap({ $0.decl.as(EnumCaseDeclSyntax.self) }) {
        guard let guide = group.attributes.first(where: { $0.isNamed("Guide") }) else { continue }
        complaints.add("a choice of names has no room for words at each; write them in @Generable(…)", at: guide)
      }
      guard complaints.isEmpty else { return nil }
      self.init(choiceOf: cases, byRawValue: declaration.hasTextualRawValues, description)
    } else {
      guard complaints.isEmpty else { return nil }
      self.init(objectsOf: cases, description)
    }
  }

  private init(choiceOf cases: [EnumCase], byRawValue: Bool, _ description: Description) {
    let names = cases.map { byRawValue ? "Self.\($0.code).rawValue" : Self.quoted($0.key) }
    schema = description.around(".choice([\(names.joined(separator: ", "))])")
    let choices = zip(names, cases).map { "\($0): Self.\($1.code)" }
    reading = ["self = try field.choice([\(choices.joined(separator: ", "))])"]
    writing =
      byRawValue
      ? [".string(self.rawValue)"]
      : ["switch self {"] + zip(names, cases).map { "case .\($1.code): return .string(\($0))" } + ["}"]
    types = []
  }

  private init(objectsOf cases: [EnumCase], _ description: Description) {
    let names = cases.map { Self.quoted($0.key) }
    schema = description.around(".anyOf([\n" + cases.map { "\(Self.schema(of: $0)),\n" }.joined() + "])")
    reading =
      ["switch try field.caseName([\(names.joined(separator: ", "))]) {"]
      + zip(names, cases).map { "case \($0): self = \(Self.reading($1))" }
      + ["default: throw field.mismatch(\"a case\")", "}"]
    writing =
      ["var object = Turnout.ValueObject()", "switch self {"] + cases.flatMap(Self.writing)
      + ["}", "return .object(object)"]
    types = cases.flatMap(\.payload).map(\.type)
  }

  private static func schema(of enumCase: EnumCase) -> String {
    let discriminator = ".init(\"case\", .choice([\(quoted(enumCase.key))]))"
    let properties = enumCase.payload.map { ".init(\(quoted($0.key)), of: \($0.type.trimmedDescription).self)" }
    let schema = enumCase.guides.description.around(object(enumCase.key, [discriminator] + properties))
    return "  " + schema.replacing("\n", with: "\n  ")
  }

  private static func reading(_ enumCase: EnumCase) -> String {
    guard !enumCase.payload.isEmpty else { return "Self.\(enumCase.code)" }
    let arguments = enumCase.payload.map { "\($0.label)field.decode(\(quoted($0.key)))" }
    return "try Self.\(enumCase.code)(\(arguments.joined(separator: ", ")))"
  }

  private static func writing(_ enumCase: EnumCase) -> [String] {
    let names = enumCase.payload.indices.map { "payload\($0)" }
    let pattern = names.isEmpty ? "" : "(" + names.map { "let \($0)" }.joined(separator: ", ") + ")"
    return ["case .\(enumCase.code)\(pattern):", "  object[\"case\"] = .string(\(quoted(enumCase.key)))"]
      + zip(enumCase.payload, names).map { "  object[\(quoted($0.key))] = \($1).value" }
  }
}

extension EnumDeclSyntax {
  /// Whether the raw values are strings. The raw type must come first in the list.
  fileprivate var hasTextualRawValues: Bool {
    let first = inheritanceClause?.inheritedTypes.first?.type.trimmedDescription
    return first == "String" || first == "Swift.String"
  }
}
