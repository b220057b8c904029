import TurnoutCore

/// Reads shapes: a mapping from names to types, each a type's name or JSON Schema's usual keywords.
///
/// ```yaml
/// output:
///   effects: { type: array, items: string, maxItems: 5, description: Most important first }
///   severity: { type: integer, minimum: 0, maximum: 10 }
///   mood: { enum: [good, mixed, bad] }
///   note: string?
/// ```
struct SchemaReader {
  private static let keys = [
    "type", "description", "enum", "items", "properties", "minimum", "maximum", "minItems", "maxItems", "minLength",
    "maxLength", "optional",
  ]
  private static let types = ["string", "integer", "number", "boolean", "array", "object", "any"]

  /// The properties of an object.
  func properties(_ node: NodeReader, depth: Int = 16) -> [Schema.Property] {
    (node.named("a shape") ?? []).compactMap { name, _, value in
      schema(value, name: name, depth: depth).map { Schema.Property(name, $0) }
    }
  }

  private func schema(_ node: NodeReader, name: String, depth: Int) -> Schema? {
    guard depth > 0 else {
      node.complain("shapes are nested too deeply")
      return nil
    }
    if node.isScalar { return node.text("a type").flatMap { named($0, node) } }
    guard let members = node.members(Self.keys, of: "the shape of \"\(name)\"") else { return nil }
    guard var schema = shape(node, members, name, depth) else { return nil }
    if members["optional"]?.flag("optional") == true { schema = .optional(schema) }
    if let description = members["description"]?.text("description") { schema = .described(description, schema) }
    return schema
  }

  private func named(_ text: String, _ node: NodeReader) -> Schema? {
    if text.hasSuffix("?") { return named(String(text.dropLast()), node).map { .optional($0) } }
    switch text {
    case "string": return .string()
    case "integer": return .integer()
    case "number": return .number()
    case "boolean": return .boolean
    case "any": return .any
    case "array", "object":
      let more = text == "array" ? "items" : "properties"
      node.complain("\"\(text)\" alone does not say what is in it; write { type: \(text), \(more): … }")
      return nil
    default:
      let hint =
        text.hint(among: Self.types, as: "types")
      node.complain("unknown type \"\(text)\"; \(hint)")
      return nil
    }
  }

  private func shape(_ node: NodeReader, _ members: [String: NodeReader], _ name: String, _ depth: Int) -> Schema? {
    if let choices = members["enum"] {
      let names = (choices.list("enum") ?? []).compactMap { $0.text("a choice") }
      if names.isEmpty { choices.complain("enum has no choices") }
      for (index, name) in names.enumerated() where names[..<index].contains(name) {
        choices.complain("enum has the choice \"\(name)\" twice")
      }
      return .choice(names)
    }
    for (least, most) in [("minimum", "maximum"), ("minItems", "maxItems"), ("minLength", "maxLength")] {
      guard let low = members[least]?.rawNumber, let high = members[most]?.rawNumber, low > high else { continue }
      members[most]?.complain("\(most) is less than \(least)")
    }
    let type =
      members["type"]?.text("type")
      ?? (members["properties"] != nil ? "object" : members["items"] != nil ? "array" : nil)
    switch type {
    case "integer": return .integer(minimum: int(members["minimum"]), maximum: int(members["maximum"]))
    case "number": return .number(minimum: number(members["minimum"]), maximum: number(members["maximum"]))
    case "string":
      return .string(minimumLength: count(members["minLength"]), maximumLength: count(members["maxLength"]))
    case "array":
      guard let items = members["items"] else {
        node.complain("the list \"\(name)\" does not say what its items are")
        return nil
      }
      guard let element = schema(items, name: name, depth: depth - 1) else { return nil }
      return .array(element, minimumCount: count(members["minItems"]), maximumCount: count(members["maxItems"]))
    case "object":
      return .object(name: name, properties: members["properties"].map { properties($0, depth: depth - 1) } ?? [])
    case let type?: return named(type, members["type"] ?? node)
    case nil:
      node.complain("\"\(name)\" has no type")
      return nil
    }
  }

  private func int(_ node: NodeReader?) -> Int? { node?.int("a bound", -1_000_000_000...1_000_000_000) }
  private func number(_ node: NodeReader?) -> Double? { node?.number("a bound", -1e12...1e12) }
  private func count(_ node: NodeReader?) -> Int? { node?.int("a count", 0...1_000_000) }
}
