/// A step whose output can be checked while it works, so that it can try again: an agent is told what is wrong.
public protocol CheckedStep<Input, Output>: Step {
  /// The step with one more check of its output.
  func checking(_ validator: OutputValidator<Output>) -> Self
}

extension Agent: CheckedStep {
  /// The agent with one more validator.
  public func checking(_ validator: OutputValidator<Output>) -> Agent {
    Agent(
      parts.name, model: parts.model, output: parts.output, instructions: parts.instructions, tools: parts.tools,
      validators: parts.validators + [validator], opening: parts.opening, settings: parts.settings,
      limits: parts.limits, promptBound: parts.promptBound, images: parts.images,
      prompt: parts.prompt)
  }
}

extension Fallback: CheckedStep where First: CheckedStep, Second: CheckedStep {
  /// The steps with one more check each.
  public func checking(_ validator: OutputValidator<Output>) -> Fallback {
    Fallback(identity.name, first.checking(validator), otherwise: second.checking(validator))
  }
}
