import TurnoutCore

/// The outermost step of a file: makes what the file was given known to all its templates.
struct RootStep: Step {
  let step: any Step<Value, Value>
  var identity: StepIdentity { step.identity }
  var outline: StepOutline { step.outline }

  func run(_ input: Value, in run: Run) async throws -> Value {
    var run = run
    run.values[WorkflowScope.Key.self] = WorkflowScope(request: input)
    return try await step.run(input, in: run)
  }
}

/// A template as a step.
struct TextTemplateStep: Step {
  let name: String
  let template: Template

  var identity: StepIdentity { StepIdentity(.function, name) }
  var outline: StepOutline {
    StepOutline(identity, output: .string(), written: template.bound, hasSideEffects: false)
  }
  func run(_ input: Value, in run: Run) async throws -> Value { .string(try template.text(input, in: run)) }
}

/// A step whose type is not known, as one that generic steps can take.
struct AnyValueStep: CheckedStep {
  let step: any Step<Value, Value>
  init(_ step: any Step<Value, Value>) { self.step = step }
  var identity: StepIdentity { step.identity }
  var outline: StepOutline { step.outline }
  func run(_ input: Value, in run: Run) async throws -> Value { try await step.run(input, in: run) }

  /// A step that cannot be checked while it works stays as it is; whoever asked for the check looks at what comes out.
  func checking(_ validator: OutputValidator<Value>) -> AnyValueStep {
    func checked(_ step: some CheckedStep<Value, Value>) -> any Step<Value, Value> { step.checking(validator) }
    guard let step = step as? any CheckedStep<Value, Value> else { return self }
    return AnyValueStep(checked(step))
  }
}

/// A typed step between values.
struct ValueStep<S: Step>: Step {
  private let step: S
  private let input: @Sendable (Value) -> S.Input
  private let output: @Sendable (S.Output) -> Value

  init(_ step: S, input: @escaping @Sendable (Value) -> S.Input, output: @escaping @Sendable (S.Output) -> Value) {
    self.step = step
    self.input = input
    self.output = output
  }

  var identity: StepIdentity { step.identity }
  var outline: StepOutline { step.outline }
  func run(_ value: Value, in run: Run) async throws -> Value { output(try await step.run(input(value), in: run)) }
}

/// A section's step: gets the section as its input and as the item, and gives a text.
struct TextStep: CheckedStep {
  let step: AnyValueStep
  var identity: StepIdentity { step.identity }
  var outline: StepOutline { step.outline }

  func run(_ section: String, in run: Run) async throws -> String {
    var run = run
    run.values[WorkflowScope.Key.self].item = .string(section)
    run.values[WorkflowScope.Key.self].context = .string(run.values[SectionContext.self])
    return try await step.run(.string(section), in: run).text
  }

  func checking(_ validator: OutputValidator<String>) -> TextStep {
    TextStep(step: step.checking(OutputValidator { try await validator.complaint(about: $0.text) }))
  }
}

/// One step over the elements of a list.
struct EachStep: Step {
  let name: String
  let over: Template
  let label: Template?
  let step: AnyValueStep
  let fanOut: FanOutDefinition
  /// Whether the step names more than its item.
  let looksOutside: Bool

  var identity: StepIdentity { StepIdentity(.each, name) }
  var outline: StepOutline {
    let (over, looksOutside) = (over, looksOutside)
    let items = StepRepetition.perItem { input in
      guard let known = input.value, let items = Self.items(of: over, in: known) else { return nil }
      return ItemBound(count: items.count, largest: InputBound(largest: looksOutside ? items + [known] : items))
    }
    return StepOutline(identity, children: [step.outline.repeated(items.attempted(fanOut.retry.attempts))])
  }

  /// The list that a template names in an input, where the input alone says that.
  private static func items(of over: Template, in input: Value) -> [Value]? {
    guard let name = over.names.first, name[0] == "input" else { return nil }
    return name.dropFirst().reduce(Value?.some(input)) { $0?[$1] }?.array
  }

  func run(_ input: Value, in run: Run) async throws -> Value {
    guard let items = try over.value(input, in: run).array else {
      throw TurnoutError.invalidInput("\(self.name): each goes over a list, and the input is none")
    }
    var labels: [String]?
    if let label { labels = try items.map { try label.text($0, in: Self.entering($0, run)) } }
    var name: (@Sendable (Int, Value) -> String)?
    if let labels = labels { name = { index, _ in labels[index] } }
    let each = ForEach(
      ItemStep(step: step), name: self.name, atMost: fanOut.bound, onFailure: fanOut.policy,
      timeout: fanOut.timeout, retry: fanOut.retry, label: name)
    return try await each.run(items, in: run).value
  }

  static func entering(_ item: Value, _ run: Run) -> Run {
    var run = run
    run.values[WorkflowScope.Key.self].item = item
    return run
  }

  private struct ItemStep: Step {
    let step: AnyValueStep
    var identity: StepIdentity { step.identity }
    var outline: StepOutline { step.outline }
    func run(_ item: Value, in run: Run) async throws -> Value {
      try await step.run(item, in: EachStep.entering(item, run))
    }
  }
}

/// Steps one after another, whose outputs later ones can name.
struct ChainStep: Step {
  let name: String
  let links: [Link]
  let named: Set<String>

  /// A step of a chain.
  struct Link {
    let name: String
    let step: AnyValueStep
    /// What answers for the chain when the step is a gate that stops.
    let otherwise: AnyValueStep?
  }

  var identity: StepIdentity { StepIdentity(.chain, name) }
  var outline: StepOutline {
    let children = links.flatMap { [$0.step.outline] + ($0.otherwise.map { [$0.outline] } ?? []) }
    return StepOutline(identity, output: links.last?.step.outline.output, children: children)
  }

  func run(_ input: Value, in run: Run) async throws -> Value {
    var run = run
    var value = input
    for link in links {
      do { value = try await run.perform(link.step, value, as: link.name) } catch let stop as GateStop {
        guard let otherwise = link.otherwise else { throw stop }
        let given: Value = ["value": value, "gate": .string(stop.gate), "reason": .string(stop.reason)]
        return try await run.perform(otherwise, given, as: "otherwise")
      }
      if named.contains(link.name) { run.values[WorkflowScope.Key.self].steps[link.name] = value }
    }
    return value
  }
}

/// An agent whose model is named by its input.
struct ModelChoiceStep: CheckedStep {
  let choice: Template
  let agents: [String: Agent<Value, Value>]
  let fallback: Agent<Value, Value>

  var identity: StepIdentity { fallback.identity }
  var outline: StepOutline {
    var models: Set<String> = []
    let outlines = ([fallback] + agents.sorted { $0.key < $1.key }.map(\.value)).map(\.outline)
    let distinct = outlines.filter { models.insert($0.model ?? "").inserted }
    if distinct.count == 1 { return distinct[0] }
    return StepOutline(
      identity, output: fallback.outline.output, children: distinct.map { $0.repeated(.choice) })
  }

  func run(_ input: Value, in run: Run) async throws -> Value {
    // An input that names no model gets the default one.
    let name = choice.optionalValue(input, in: run)
    if name.isNull { return try await fallback.run(input, in: run) }
    guard let agent = agents[name.text] else {
      throw TurnoutError.invalidInput(
        "the input names the model \"\(name.text.prefix(60))\", which the file does not declare")
    }
    return try await agent.run(input, in: run)
  }

  func checking(_ validator: OutputValidator<Value>) -> ModelChoiceStep {
    ModelChoiceStep(
      choice: choice, agents: agents.mapValues { $0.checking(validator) }, fallback: fallback.checking(validator))
  }
}
