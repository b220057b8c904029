extension Run {
  /// Asks a model: sets aside what the request can cost at most, asks, and counts what it did cost.
  ///
  /// Steps that talk to a model themselves, without an ``Agent``, ask through this, so that budgets hold for them too.
  /// - Throws: ``BudgetError`` when what is left of the budget does not suffice, before the model is asked; what the
  ///   model throws.
  public func ask(
    _ model: any LanguageModel, _ request: ModelRequest, onDelta: ModelDeltaHandler? = nil
  ) async throws -> ModelResponse {
    guard account != nil || prices != nil else {
      do {
        let response = try await model.respond(to: request, in: self, onDelta: onDelta)
        if response.origin == .call { record(response.usage) }
        return response
      } catch {
        recordCancelled(error)
        throw error
      }
    }
    return try await askCounting(model, request, onDelta)
  }

  /// Not inlined: most runs have neither a budget nor prices.
  @inline(never)
  private func askCounting(
    _ model: any LanguageModel, _ request: ModelRequest, _ onDelta: ModelDeltaHandler?
  ) async throws -> ModelResponse {
    let price = prices?[model.name]
    let reserved = try account.map { try $0.reserving(request, of: model.name, price: price) }
    var used = reserved ?? .zero
    defer { if let reserved { account?.settle(reserved, used: used) } }
    do {
      var response = try await model.respond(to: request, in: self, onDelta: onDelta)
      switch response.origin {
      case .call: break
      case .later(let firstWasSent):
        if !firstWasSent { used = .zero }
        return response
      case .kept:
        used = .zero
        return response
      }
      if let price { response.usage.cost = price.cost(of: response.usage) }
      record(response.usage)
      // A provider that does not count is taken to have used what it may have used.
      if response.usage.inputTokens > 0 || response.usage.outputTokens > 0 || account?.limitsTokens != true {
        used = response.usage.spend
        used.calls = max(1, used.calls)
      }
      return response
    } catch {
      // Whether a request that failed was paid for, nobody says; one that was never sent cost nothing.
      if (error as? ModelError)?.wasNotSent == true { used = .zero }
      recordCancelled(error)
      throw error
    }
  }

  /// A call that was cancelled was made: how much of it there will be to pay, nobody says.
  private func recordCancelled(_ error: any Error) {
    if error is CancellationError { record(Usage(calls: 1)) }
  }

  /// Asks once more, or another model, after a call of a request failed: a call of its own for the budget and the usage.
  /// - Throws: ``BudgetError`` when the budget does not cover another call; what the model throws.
  func askAgain(
    _ model: any LanguageModel, _ request: ModelRequest, after failure: ModelError, onDelta: ModelDeltaHandler?
  ) async throws -> ModelResponse {
    var response = try await ask(model, request, onDelta: onDelta)
    response.origin = .later(firstWasSent: !failure.wasNotSent)
    return response
  }

  /// A branch's own part of the budget, which holds what it needs at worst.
  func setAside(_ needs: (PriceTable) -> WorstCase?, branch: Int?) async throws -> Run {
    guard let account else { return metered(branch: branch) }
    let hold = needs(prices ?? PriceTable())?.spend ?? .zero
    return metered(drawingOn: try await account.branch(holding: hold), branch: branch)
  }

  /// Runs a body that may use no more than a budget, within whatever limits there are already.
  func limited<Output: Sendable>(
    to budget: Budget, _ body: (Run) async throws -> Output
  ) async throws -> Output {
    let inner = account?.limited(to: budget) ?? BudgetAccount(budget)
    defer { if account != nil { inner.close() } }
    let part = metered(drawingOn: inner)
    defer { record(part.usage) }
    return try await body(part)
  }
}

extension BudgetAccount {
  /// Sets aside what a request can cost at most: its bytes and ``AskingBound/messageTokens`` more for each message are
  /// at least the tokens that it is read as, and its output limit the tokens of the answer.
  fileprivate func reserving(_ request: ModelRequest, of model: String, price: Price?) throws -> Spend {
    var spend = Spend(calls: 1)
    if limitsTokens {
      guard let written = request.settings.maxOutputTokens else { throw BudgetError.noOutputLimit(model) }
      let read = request.tokenBound
      spend.tokens = read.addingClamped(written)
      if let price { spend.money = price.most(input: read, output: written) }
    }
    if limitsMoney, price == nil { throw BudgetError.unknownPrice(model) }
    try reserve(spend)
    return spend
  }
}

extension ModelRequest {
  /// The most tokens that the request can be read as.
  var tokenBound: Int {
    let said = messages.reduce(0) { $0.addingClamped($1.byteCount).addingClamped(AskingBound.messageTokens) }
    let shape = output.map { 2 * $0.jsonSchema.json().utf8.count } ?? 0
    let described = tools.reduce(0) {
      $0 + 2 * ($1.parameters.jsonSchema.json().utf8.count + $1.name.utf8.count + $1.description.utf8.count)
    }
    return said.addingClamped(shape).addingClamped(described)
  }
}

extension Message {
  fileprivate var byteCount: Int {
    switch self {
    case .system(let text), .user(let text): text.utf8.count
    case .userParts(let parts): parts.reduce(0) { $0.addingClamped($1.tokenBound) }
    case .assistant(let text, let calls, let original):
      calls.reduce(text.utf8.count) { $0 + $1.id.utf8.count + $1.name.utf8.count + $1.arguments.utf8.count }
        + (original?.json.utf8.count ?? 0)
    case .toolResult(let result): result.content.utf8.count + result.callID.utf8.count + result.name.utf8.count
    }
  }
}

extension InputPart {
  fileprivate var tokenBound: Int {
    switch self {
    case .text(let text): text.utf8.count
    case .image: ImageInput.tokenBound
    }
  }
}

extension Usage {
  /// What counts against a budget.
  var spend: Spend { Spend(calls: calls, tokens: inputTokens.addingClamped(outputTokens), money: cost) }
}

extension Step {
  /// The most that running the step on an input can use.
  func worstCase(for input: Input, prices: PriceTable) -> WorstCase {
    Plan(outline, input: InputBound(of: input), prices: prices).worst
  }
}
