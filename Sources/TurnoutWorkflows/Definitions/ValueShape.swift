import TurnoutCore

/// Shapes as they flow from step to step, as far as a file tells them; `any` is what it does not tell.
extension Schema {
  /// The shape of a value, such as a file's own inputs. An object of a list may leave out what another one has.
  init(of value: Value) {
    switch value {
    case .null: self = .any
    case .bool: self = .boolean
    case .int: self = .integer()
    case .double: self = .number()
    case .string: self = .string()
    case .array(let items): self = .array(Schema.common(items.map(Schema.init(of:))))
    case .object(let object):
      self = .object(name: "value", properties: object.keys.map { Property($0, Schema(of: object[$0] ?? .null)) })
    }
  }

  /// What is known of a value that has one of several shapes.
  static func common(_ shapes: [Schema]) -> Schema {
    guard var all = shapes.first?.plain else { return .any }
    for shape in shapes.dropFirst() {
      let shape = shape.plain
      if all == shape { continue }
      switch (all, shape) {
      case (.object(let name, let left), .object(_, let right)):
        let more = right.filter { one in !left.contains { $0.name == one.name } }
        all = .object(
          name: name,
          properties: left.map { one in
            let other = right.first { $0.name == one.name }
            return Property(one.name, other.map { common([one.schema, $0.schema]) } ?? one.schema)
          } + more)
      case (.array(let left, _, _), .array(let right, _, _)): all = .array(common([left, right]))
      case (.integer, .number), (.number, .integer), (.number, .number): all = .number()
      case (.integer, .integer): all = .integer()
      case (.string, .string), (.string, .choice), (.choice, .string), (.choice, .choice): all = .string()
      default: return .any
      }
    }
    return all
  }

  /// The list of outcomes that a fan-out produces.
  static func outcomes(of output: Schema) -> Schema {
    .array(
      .object(
        name: "outcome",
        properties: [
          Property("name", .optional(.string())), Property("status", .string()), Property("output", .optional(output)),
          Property("error", .optional(.any)), Property("duration_ms", .number()), Property("usage", .any),
        ]))
  }

  /// The shape without what says nothing of the value that is there: descriptions, and that it may be missing.
  var plain: Schema {
    switch self {
    case .described(_, let inner), .optional(let inner): inner.plain
    default: self
    }
  }

  /// In words, as values are told.
  var kindDescription: String {
    switch plain {
    case .any, .anyOf: "a value"
    case .null: "null"
    case .boolean: "a boolean"
    case .integer: "an integer"
    case .number: "a number"
    case .string, .choice: "a string"
    case .array: "an array"
    case .object: "an object"
    case .described, .optional: "a value"
    }
  }

  /// Whether a value of this shape can be one of another; what is not known is taken to fit.
  func mayFit(_ wanted: Schema) -> Bool {
    switch (plain, wanted.plain) {
    case (.any, _), (_, .any), (.anyOf, _), (_, .anyOf): true
    case (.boolean, .boolean), (.null, .null), (.integer, .integer), (.number, .number), (.integer, .number): true
    case (.string, .string), (.string, .choice), (.choice, .string): true
    case (.choice(let own), .choice(let wanted)): own.contains(where: wanted.contains)
    case (.array(let own, _, _), .array(let wanted, _, _)): own.mayFit(wanted)
    case (.object(_, let own), .object(_, let wanted)):
      wanted.allSatisfy { one in
        own.first { $0.name == one.name }.map { $0.schema.mayFit(one.schema) } ?? one.schema.isOptional
      }
    default: false
    }
  }
}

extension StepDefinition {
  /// The shape of what the step produces.
  var output: Schema {
    switch kind {
    case .agent(let agent): agent.output ?? .string()
    case .route(let route): route.output
    case .parallel(let branches, _): .outcomes(of: .common(branches.map(\.output)))
    case .each(_, _, let step, _): .outcomes(of: step.output)
    case .split(let split, _, _): split.joins ? .string() : .outcomes(of: .string())
    case .race(let branches, _): .common(branches.map(\.output))
    case .hedge(_, let step): step.output
    case .vote(let vote): vote.isDetailed ? .any : vote.panel.output
    case .judge(let judge): judge.isDetailed ? .any : judge.panel.output
    case .medoid(let medoid): medoid.isDetailed ? .any : medoid.panel.output
    case .bestOf(let best): best.isDetailed ? .any : best.step.output
    case .mixture(let mixture): mixture.combine.output
    case .refine(let refine): refine.isDetailed ? .any : refine.step.output
    case .orchestrate(let orchestrate): orchestrate.combine.output
    case .gate(let gate): gate.passes
    case .chain(let steps): .common(steps.suffix(1).map(\.output) + steps.compactMap(\.otherwise?.output))
    case .tool, .text: .string()
    case .use(let file): file.root.output
    case .fallback(let step, let other): .common([step.output, other.output])
    }
  }
}

extension StepDefinition {
  /// What answers for the chain when a gate stops.
  fileprivate var otherwise: StepDefinition? { if case .gate(let gate) = kind { gate.otherwise } else { nil } }
}

extension RouteDefinition {
  fileprivate var output: Schema {
    var shapes = routes.map(\.step.output)
    if case .step(let step) = otherwise { shapes.append(step.output) }
    switch merge {
    case .join: shapes.append(.string())
    case .step(let step): shapes.append(step.output)
    case nil: break
    }
    return .common(shapes)
  }
}
