extension StepOutline {
  /// Checks, before anything runs, that every budget of the tree can be kept: that every model asked under a limit of
  /// tokens or money has an output limit, and under one of money a price.
  ///
  /// ```swift
  /// try panel.outline.checkBudgets(within: Budget(money: Money(usd: 1)), prices: .standard)
  /// ```
  /// - Throws: ``BudgetError`` that names the first step in whose place nobody knows what it can cost.
  public func checkBudgets(within budget: Budget? = nil, prices: PriceTable = .standard) throws {
    try checkBudgets(
      tokens: budget?.tokens != nil || budget?.money != nil, money: budget?.money != nil, prices)
  }

  private func checkBudgets(tokens: Bool, money: Bool, _ prices: PriceTable) throws {
    let money = money || budget?.money != nil
    let tokens = tokens || money || budget?.tokens != nil
    if let asking {
      let model = model ?? name
      if tokens, asking.outputTokens == nil { throw BudgetError.noOutputLimit(model, step: name) }
      let models = asking.attempts.isEmpty ? [model] : asking.attempts.map(\.model)
      if money, let unknown = models.first(where: { prices[$0] == nil }) {
        throw BudgetError.unknownPrice(unknown, step: name)
      }
    }
    for child in children { try child.checkBudgets(tokens: tokens, money: money, prices) }
  }
}
