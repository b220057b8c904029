extension Plan: ValueConvertible {
  /// The plan as JSON: `name`, `kind`, `model` where it asks one, `times`, `chosen`, `worst_case`, `budget` where it has
  /// one, and the `steps` inside.
  public var value: Value {
    var object: ValueObject = ["name": .string(outline.name), "kind": .string(outline.kind.name)]
    if let model = outline.model { object["model"] = .string(model) }
    object["times"] = times.map { .int($0) } ?? .null
    if isChoice { object["chosen"] = .bool(true) }
    object["worst_case"] = worst.value
    if let budget = outline.budget { object["budget"] = budget.value }
    object["steps"] = .array(children.map(\.value))
    return .object(object)
  }
}

extension Budget: ValueConvertible {
  /// The limits there are: `usd`, `calls` and `tokens`.
  public var value: Value {
    var object: ValueObject = [:]
    if let money { object["usd"] = money.value }
    if let calls { object["calls"] = .int(calls) }
    if let tokens { object["tokens"] = .int(tokens) }
    return .object(object)
  }
}
