import Testing
import TurnoutCore
import TurnoutTesting

/// Worst cases of trees, and that no run exceeds its own.
@Suite struct PlanTests {
  private static let prices = PriceTable(["scripted": Price(input: 1_000_000, output: 10_000_000)])

  private func agent(
    _ name: String = "writer", model: any LanguageModel = ScriptedModel([]), tokens: Int? = 50, reasks: Int = 0,
    tools: [Tool] = [], turns: Int = 10
  ) -> Agent<String, String> {
    Agent(
      name, model: model, instructions: "Be brief.", tools: tools, settings: ModelSettings(maxOutputTokens: tokens),
      limits: AgentLimits(turns: turns, reasks: reasks))
  }

  private func worst(_ step: some Step, _ input: InputBound = InputBound("hello")) -> WorstCase {
    Plan(step.outline, input: input, prices: Self.prices).worst
  }

  @Test func oneCallIsBytesAndMessagesAndTheOutputLimit() {
    let worst = worst(agent())
    #expect(worst.calls == 1)
    #expect(worst.inputTokens == 9 + 5 + 2 * 16)
    #expect(worst.outputTokens == 50)
    #expect(worst.money == Money(usd: 46 + 500))
    #expect(worst.unbounded.isEmpty)
  }

  @Test func answersSentBackReadWhatWasSaidBefore() {
    let worst = worst(agent(reasks: 2))
    #expect(worst.calls == 3)
    #expect(worst.outputTokens == 150)
    #expect(worst.inputTokens == 3 * 46 + 3 * (50 + 600 + 32))
  }

  @Test func toolsTakeAsManyTurnsAsTheyMay() {
    let tool = Tool("look_up", "Looks up", parameters: .object("Query", [])) { _, _ in "" }
    #expect(worst(agent(tools: [tool], turns: 4)).calls == 4)
    #expect(worst(agent(turns: 1)).calls == 1)
  }

  @Test func whatHasNoBoundSaysWhy() {
    let open = worst(agent(tokens: nil))
    #expect(open.calls == 1)
    #expect(open.outputTokens == nil)
    #expect(open.money == nil)
    #expect(open.unbounded == ["writer has no max_tokens"])
    let strange = Plan(agent().outline, input: InputBound("x"), prices: PriceTable()).worst
    #expect(strange.unbounded == ["the price of scripted is not known"])
    #expect(strange.tokens == 1 + 9 + 32 + 50)
    #expect(
      worst(agent(), InputBound(bytes: nil)).unbounded == ["how long the prompt of writer is depends on its input"])
    #expect(worst(ForEach(agent()), InputBound(bytes: 10)).unbounded == ["how often writer runs depends on its input"])
  }

  @Test func chainsAddUpAndReadWhatCameBefore() {
    let worst = worst(agent("first").then(agent("second")))
    #expect(worst.calls == 2)
    // The second reads at most 50 tokens of 8 bytes.
    #expect(worst.inputTokens == 46 + (9 + 400 + 32))
  }

  @Test func oneStepOverItemsRunsOnceForEach() {
    let worst = worst(ForEach(agent()), InputBound(["a", "long item", "c"]))
    #expect(worst.calls == 3)
    #expect(worst.inputTokens == 3 * (9 + 9 + 32))
    #expect(self.worst(ForEach(agent()), InputBound([])).calls == 0)
  }

  @Test func sectionsAreCounted() {
    let document = "# One\n\nSome text.\n\n# Two\n\nMore text.\n"
    #expect(worst(Split(agent()), InputBound(.string(document))).calls == 2)
  }

  @Test func branchesAddUpAndARouteTakesTheDearest() {
    let panel = ParallelBranches("panel", [Branch("a", agent()), Branch("b", agent(tokens: 10))])
    #expect(worst(panel).calls == 2)
    #expect(worst(panel).outputTokens == 60)
    let router = Router(by: RulesSelector([])) {
      Route("a", "A") { agent(tokens: 10) }
      Route("b", "B") { agent(tokens: 70) }
    } otherwise: {
      agent(tokens: 20)
    }
    #expect(worst(router).calls == 1)
    #expect(worst(router).outputTokens == 70)
  }

  @Test func aRouterThatAsksAModelCountsIt() {
    let router = Router(by: .model(ScriptedModel([]))) {
      Route("a", "A") { agent() }
    } otherwise: {
      agent()
    }
    #expect(worst(router).calls == 3, "two attempts to choose, and one answer")
    let compound = Router(by: CompoundSelector(ModelSelector(ScriptedModel([])))) {
      Route("a", "A") { agent() }
      Route("b", "B") { agent() }
    } otherwise: {
      agent()
    } merge: {
      FunctionStep("merge") { (answers: [RouteAnswer<String>]) in answers.map(\.output).joined() }
    }
    #expect(worst(compound).calls == 6 * 2 + 3)
  }

  @Test func fallbacksCountBoth() { #expect(worst(agent().fallback(to: agent())).calls == 2) }

  @Test func aBudgetIsABound() {
    let limited = worst(
      ForEach(agent(tokens: nil)).limited(to: Budget(calls: 2, tokens: 300)), InputBound(["a", "b", "c"]))
    #expect(limited.calls == 2)
    #expect(limited.outputTokens == 300)
  }

  @Test func plansShowEveryStep() {
    let plan = Plan(
      ForEach(agent("first").then(agent("second")), name: "each").outline, input: InputBound(["a", "b"]),
      prices: Self.prices)
    #expect(plan.children.map(\.outline.name) == ["first, second"])
    #expect(plan.children.first?.times == 2)
    #expect(plan.children.first?.children.map(\.times) == [2, 2])
    #expect(plan.children.first?.children.map(\.worst.calls) == [2, 2])
  }

  @Test func largeNumbersStayLarge() {
    let worst = worst(ForEach(agent(tokens: .max, reasks: 100)), InputBound(["a", "b"]))
    #expect(worst.outputTokens == .max)
    #expect(worst.money == Money(picodollars: .max))
  }

  /// Trees of agents that write as much as they may and are sent back as often as they may: no run exceeds its plan.
  @Test(arguments: 1...60) func noRunExceedsItsPlan(seed: Int) async throws {
    var random = SplitMix64(seed: UInt64(seed))
    let model = ScriptedModel { request, index in
      var random = SplitMix64(seed: UInt64(seed * 1_000 + index))
      let bytes = request.saidBytes
      let limit = request.settings.maxOutputTokens ?? 0
      let text = String(repeating: random.chance(40) ? " " : "x", count: limit)
      return .text(text).using(Usage(calls: 1, inputTokens: max(1, bytes), outputTokens: limit))
    }
    func tree(_ depth: Int) -> any Step<String, String> {
      let leaf = agent("leaf\(depth)", model: model, tokens: random.int(1...40), reasks: random.int(0...2))
      guard depth > 0 else { return leaf }
      switch random.int(0...3) {
      case 0:
        let (first, second) = (tree(depth - 1), tree(depth - 1))
        return Opened(first).then(Opened(second))
      case 1: return Opened(tree(depth - 1)).fallback(to: Opened(tree(depth - 1)))
      case 2:
        let (first, second) = (tree(depth - 1), tree(depth - 1))
        let panel = ParallelBranches("panel", [Branch("a", first), Branch("b", second)], onFailure: .settle)
        return panel.then(FunctionStep("join") { $0.map { $0.output ?? "" }.joined() })
      default: return leaf
      }
    }
    let step = Opened(tree(3))
    let plan = Plan(step.outline, input: InputBound("an input of some length"), prices: Self.prices)
    let run = Run(prices: Self.prices)
    _ = try? await run.perform(step, "an input of some length")
    #expect(run.usage.calls <= plan.worst.calls ?? .max, "seed \(seed)")
    #expect(run.usage.inputTokens <= plan.worst.inputTokens ?? .max, "seed \(seed)")
    #expect(run.usage.outputTokens <= plan.worst.outputTokens ?? .max, "seed \(seed)")
    #expect(run.usage.cost <= plan.worst.money ?? Money(picodollars: .max), "seed \(seed)")
  }

  /// A step whose type is not known, as one that generic steps can take.
  private struct Opened: Step {
    let step: any Step<String, String>
    init(_ step: any Step<String, String>) { self.step = step }
    var identity: StepIdentity { step.identity }
    var outline: StepOutline { step.outline }
    func run(_ input: String, in run: Run) async throws -> String { try await step.run(input, in: run) }
  }
}
