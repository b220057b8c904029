import SwiftSyntax

/// The three members of the extension, as source.
struct GeneratedMembers {
  /// The schema's expression.
  let schema: String
  /// The statements that read the type from `field`.
  let reading: [String]
  /// The statements that write it.
  let writing: [String]
  /// The types that the members depend on.
  let types: [TypeSyntax]

  /// The members, ready to stand in an extension.
  func source(access: AccessLevel) -> String {
    let (schemaName, valueName) = GenerableMacro.memberNames
    return """
        \(access.prefix)static var \(schemaName): Turnout.Schema {
      \(Self.indented([schema]))
        }

        \(access.prefix)init(from field: Turnout.ValueField) throws {
      \(Self.indented(reading))
        }

        \(access.prefix)var \(valueName): Turnout.Value {
      \(Self.indented(writing))
        }
      """
  }

  private static func indented(_ statements: [String]) -> String {
    "    " + statements.joined(separator: "\n").replacing("\n", with: "\n    ")
  }

  /// The schema of an object from its properties, each on its line.
  static func object(_ name: String, _ properties: [String]) -> String {
    guard !properties.isEmpty else { return ".object(\(quoted(name)), [])" }
    return ".object(\(quoted(name)), [\n" + properties.map { "  \($0),\n" }.joined() + "])"
  }

  /// A text as a literal on one line, with whatever escapes it needs: a name in backticks may contain quotation marks.
  static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case "\n": "\\n"
      case _ where scalar.value < 0x20: "\\u{\(String(scalar.value, radix: 16))}"
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}

extension GeneratedMembers {
  /// The members of a struct.
  init?(_ declaration: StructDeclSyntax, description: Description, _ complaints: inout Complaints) {
    let name = declaration.name.key
    let properties = StoredProperty.all(in: declaration.memberBlock.members, of: name, &complaints)
    guard complaints.isEmpty else { return nil }
    let object = Self.object(
      name,
      properties.map { ".init(\(Self.quoted($0.key)), of: \($0.type.trimmedDescription).self\($0.guides.arguments))" })
    schema = description.around(object)
    types = properties.map(\.type)
    reading =
      properties.isEmpty
      ? ["try field.requireObject()"]
      : properties.map { "self.\($0.code) = try field.decode(\(Self.quoted($0.key)))" }
    writing =
      properties.isEmpty
      ? [".object(Turnout.ValueObject())"]
      : ["var object = Turnout.ValueObject()"]
        + properties.map { "object[\(Self.quoted($0.key))] = self.\($0.code).value" } + ["return .object(object)"]
  }
}
