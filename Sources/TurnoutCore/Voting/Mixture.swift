/// A mixture of agents: layers of steps, each of which reads the request and everything that the layer before answered;
/// one more step makes the answer out of the last layer's (Wang et al. 2024).
///
/// ```swift
/// func writer(_ name: String, _ model: any LanguageModel) -> Agent<Candidates<String, String>, String> {
///   Agent(name, model: model, output: .text, instructions: { _, _ in "Answer. Use what is right in others' answers." },
///     prompt: { candidates, _ in candidates.prompt })
/// }
/// let mixture = Mixture(layers: [
///   [Branch("a", writer("a", small)), Branch("b", writer("b", large))],
///   [Branch("a", writer("a", small)), Branch("b", writer("b", large))],
/// ], combiningBy: writer("combine", large))
/// let answer = try await mixture.run("Why is the sky blue?")
/// ```
/// The first layer gets the request without answers. Unless a policy says otherwise, a step that fails is one answer
/// fewer for the next layer. Throws ``FanOutError`` with the outcomes of the layer, or of the last one, when a whole layer
/// or the last step fails.
public struct Mixture<Input: Sendable, Answer: Sendable, Output: Sendable>: Step {
  private let name: String
  private let layers: [[Branch<Candidates<Input, Answer>, Answer>]]
  private let combine: any Step<Candidates<Input, Answer>, Output>
  private let bound: Int
  private let policy: FailurePolicy

  /// Layers of steps.
  /// - Parameters:
  ///   - combine: makes the answer out of the request and what the last layer answered.
  ///   - bound: the most steps of a layer at once.
  ///   - policy: what happens when one fails.
  public init(
    _ name: String = "mixture", layers: [[Branch<Candidates<Input, Answer>, Answer>]],
    combiningBy combine: any Step<Candidates<Input, Answer>, Output>, atMost bound: Int = 8,
    onFailure policy: FailurePolicy = .settle
  ) {
    self.name = name
    self.layers = layers
    self.combine = combine
    self.bound = bound
    self.policy = policy
  }

  public var identity: StepIdentity { StepIdentity(.mixture, name) }
  public var outline: StepOutline {
    let layers = layers.enumerated().flatMap { number, layer in
      layer.map { number == 0 ? $0.step.outline : $0.step.outline.gathering() }
    }
    return StepOutline(identity, output: combine.outline.output, children: layers + [combine.outline.gathering()])
  }

  public func run(_ input: Input, in run: Run) async throws -> Output {
    if layers.isEmpty || layers.contains(where: \.isEmpty) {
      throw TurnoutError.invalidInput("\(name): it needs at least one layer, and each at least one step")
    }
    var candidates = Candidates<Input, Answer>(input, answers: [])
    for (number, layer) in layers.enumerated() {
      let given = candidates
      let outcomes = try await FanOut(bound: bound, policy: policy).run(
        count: layer.count, in: run, name: { layer[$0].name },
        needs: { layer[$0].step.worstCase(for: given, prices: $1) }
      ) { try await Branch("\(number + 1)-\(layer[$0].name)", layer[$0].step).run(given, in: $1) }
      candidates = Candidates(input, outcomes: outcomes)
      try candidates.requireAnswers(for: "layer \(number + 1) of \(name)")
    }
    do { return try await Branch("combine", combine).run(candidates, in: run) } catch {
      throw candidates.failure(error)
    }
  }
}
