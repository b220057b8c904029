import Testing
import TurnoutCore
import TurnoutTesting

/// Budgets as a run sees them: through agents and fan-outs, with a scripted model.
@Suite struct BudgetRunTests {
  private static let priced = PriceTable(["scripted": Price(input: 1_000_000, output: 2_000_000)])

  private func agent(
    _ model: ScriptedModel, name: String = "writer", reasks: Int = 0, tokens: Int? = 100
  ) -> Agent<String, String> {
    Agent(
      name, model: model, instructions: "", settings: ModelSettings(maxOutputTokens: tokens),
      limits: AgentLimits(reasks: reasks))
  }

  private func talker(_ usage: Usage = Usage(calls: 1, inputTokens: 10, outputTokens: 5)) -> ScriptedModel {
    ScriptedModel { _, _ in ScriptedReply.text("well").using(usage) }
  }

  @Test func aFanOutNeverMakesMoreCallsThanItMay() async throws {
    let model = talker()
    let run = Run(budget: Budget(calls: 5))
    let each = ForEach(agent(model), atMost: 40, onFailure: .settle)
    let outcomes = try await run.perform(each, (0..<40).map { "input \($0)" })
    #expect(model.requests.count == 5)
    #expect(outcomes.count { $0.failure == nil } == 5)
    let refused = outcomes.compactMap(\.failure)
    #expect(Set(refused.map(\.label)) == ["budget_exhausted"])
    #expect(refused.first?.message == "the budget of 5 calls has 0 left, and up to 1 are needed")
  }

  @Test func aBranchThatCannotBePaidNeverStarts() async throws {
    let recorder = EventRecorder()
    let run = Run(sinks: [recorder], budget: Budget(calls: 1))
    let each = ForEach(agent(talker()), name: "each", atMost: 1, onFailure: .settle)
    let outcomes = try await run.perform(each, ["a", "b"])
    #expect(outcomes[1].failure?.label == "budget_exhausted")
    #expect(outcomes[1].duration == .zero)
    #expect(
      recorder.lines.filter { $0.hasPrefix("started") } == [
        "started each", "started each/0", "started each/0/scripted",
      ])
  }

  @Test func branchesWaitForWhatOthersGiveBack() async throws {
    // Each may need three calls and makes one: with room for three, one after another, all are paid.
    let model = talker()
    let run = Run(budget: Budget(calls: 5))
    let each = ForEach(agent(model, reasks: 2), atMost: 8)
    let outcomes = try await run.perform(each, ["a", "b", "c"])
    #expect(outcomes.compactMap(\.output).count == 3)
    #expect(model.requests.count == 3)
    #expect(run.usage.calls == 3)
  }

  @Test func cancellationEndsTheWaiting() async throws {
    let clock = ManualClock()
    let model = ScriptedModel { _, _ in ScriptedReply.text("well").delayed(by: .seconds(60)) }
    let run = Run(clock: RunClock(clock), budget: Budget(calls: 3))
    let each = ForEach(agent(model, reasks: 2), atMost: 2, onFailure: .settle)
    let task = Task { try await run.perform(each, ["a", "b"]) }
    await clock.sleepers(1)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(model.requests.count == 1)
  }

  @Test func tokensNeedAnOutputLimit() async throws {
    let run = Run(budget: Budget(tokens: 1_000))
    let error = await #expect(throws: BudgetError.self) {
      try await run.perform(agent(talker(), tokens: nil), "hello")
    }
    #expect(error?.label == "unknown_cost")
    #expect(
      error?.description
        == "the budget limits tokens or money, and a request to scripted has no output limit; set max_tokens")
  }

  @Test func moneyNeedsAPrice() async throws {
    let error = await #expect(throws: BudgetError.self) {
      try await Run(budget: Budget(money: Money(usd: 1))).perform(agent(talker()), "hello")
    }
    #expect(error?.label == "unknown_cost")
    #expect(error?.description.hasPrefix("the price of scripted is not known") == true)
  }

  @Test func costsAreCountedWherePricesAreKnown() async throws {
    let run = Run(prices: Self.priced)
    _ = try await run.perform(agent(talker(Usage(calls: 1, inputTokens: 3, outputTokens: 2))), "hello")
    #expect(run.usage.cost == Money(usd: 7))
    #expect(run.usage.value["cost_usd"] == .double(7))
  }

  @Test func aCallThatMightCostTooMuchIsNotMade() async throws {
    let model = talker()
    // 5 bytes and 16 for the message, then 100 written: 21 + 200 dollars at these prices.
    let run = Run(budget: Budget(money: Money(usd: 220)), prices: Self.priced)
    await #expect(throws: BudgetError.self) { try await run.perform(agent(model), "hello") }
    #expect(model.requests.isEmpty)
    let enough = Run(budget: Budget(money: Money(usd: 221)), prices: Self.priced)
    #expect(try await enough.perform(agent(model), "hello") == "well")
    #expect(enough.usage.cost == Money(usd: 20))
  }

  @Test func aProviderThatDoesNotCountIsTakenAtItsWorst() async throws {
    let model = talker(Usage(calls: 1))
    let run = Run(budget: Budget(tokens: 200))
    #expect(try await run.perform(agent(model), "hello") == "well")
    let error = await #expect(throws: BudgetError.self) { try await run.perform(agent(model), "hello") }
    #expect(error?.description == "the budget of 200 tokens has 79 left, and up to 121 are needed")
  }

  @Test func aFailedCallCountsUnlessItWasNeverSent() async throws {
    let broken = ScriptedModel { _, index in
      ScriptedReply.failure(
        index == 0 ? ModelError.missingKey("scripted", variable: "KEY") : ModelError.server("scripted", "it broke"))
    }
    let run = Run(budget: Budget(calls: 1))
    for label in ["missing_key", "server", "budget_exhausted"] {
      do { _ = try await run.perform(agent(broken), "hello") } catch { #expect(RunFailure(error).label == label) }
    }
    #expect(broken.requests.count == 2)
  }

  @Test func aPartHasABudgetOfItsOwn() async throws {
    let model = talker()
    let part = ForEach(agent(model), name: "part", atMost: 8, onFailure: .settle).limited(to: Budget(calls: 2))
    let run = Run(budget: Budget(calls: 3))
    let first = try await run.perform(part, ["a", "b", "c", "d"])
    #expect(first.compactMap(\.output).count == 2)
    let second = try await run.perform(part, ["a", "b", "c", "d"])
    #expect(second.compactMap(\.output).count == 1, "the whole has one call left")
    #expect(model.requests.count == 3)
  }

  @Test func aPartIsLimitedWithoutABudgetOfTheWhole() async throws {
    let model = talker()
    let part = agent(model).limited(to: Budget(calls: 1))
    #expect(try await part.run("a") == "well")
    #expect(part.outline.budget == Budget(calls: 1))
    #expect(part.identity == agent(model).identity)
  }

  /// Nested fan-outs of agents that use anything they may, under a random budget: what is used is within it, every
  /// branch has an outcome, and nothing hangs.
  @Test(arguments: 1...60) func randomTreesStayWithinTheirBudget(seed: Int) async throws {
    var random = SplitMix64(seed: UInt64(seed))
    let budget = Budget(
      calls: random.chance(70) ? random.int(0...20) : nil, tokens: random.chance(50) ? random.int(0...3_000) : nil,
      money: random.chance(50) ? Money(usd: Double(random.int(0...3_000))) : nil)
    let model = ScriptedModel { request, index in
      var random = SplitMix64(seed: UInt64(seed * 1_000 + index))
      let bytes = request.saidBytes
      if random.chance(15) { return .failure(ModelError.server("scripted", "it broke")) }
      let text = random.chance(70) ? "well" : ""
      return .text(text).using(
        Usage(calls: 1, inputTokens: random.int(1...max(1, bytes)), outputTokens: random.int(1...30)))
    }
    let writer = agent(model, reasks: random.int(0...2), tokens: 30)
    let inner = ForEach(writer, name: "inner", atMost: random.int(1...4), onFailure: .settle)
    let outer = ForEach(inner, name: "outer", atMost: random.int(1...6), onFailure: .settle)
    let inputs = (0..<random.int(0...6)).map { row in (0..<random.int(0...4)).map { "input \(row) \($0)" } }
    let prices = PriceTable(["scripted": Price(input: 500_000, output: 1_000_000)])
    let run = Run(budget: budget, prices: prices)
    let outcomes = try await run.perform(outer, inputs)
    #expect(outcomes.count == inputs.count)
    // Calls that failed are set down at their worst, so what was used is at most what was allowed.
    #expect(model.requests.count <= budget.calls ?? .max, "seed \(seed)")
    #expect(run.usage.inputTokens + run.usage.outputTokens <= budget.tokens ?? .max, "seed \(seed)")
    if let money = budget.money { #expect(run.usage.cost <= money, "seed \(seed)") }
  }
}
