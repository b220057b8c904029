import Synchronization

/// A part of a run's budget: what its steps set aside, use and give back. One lock holds the whole book.
final class BudgetAccount: Sendable {
  private struct State {
    var book: BudgetBook
    var waiting: [Int: CheckedContinuation<BudgetBook.Answer, any Error>] = [:]

    /// Those who can go on, with what they are told.
    mutating func answered() -> [(CheckedContinuation<BudgetBook.Answer, any Error>, BudgetBook.Answer)] {
      book.answered().compactMap { waiter, answer in waiting.removeValue(forKey: waiter).map { ($0, answer) } }
    }
  }

  private final class Book: Sendable {
    let state: Mutex<State>
    init(_ budget: Budget) { state = Mutex(State(book: BudgetBook(budget))) }

    /// Changes the book and wakes whoever can go on.
    func changing(_ body: (inout BudgetBook) -> Void) {
      let answered = state.withLock { state in
        body(&state.book)
        return state.answered()
      }
      for (continuation, answer) in answered { continuation.resume(returning: answer) }
    }
  }

  private let book: Book
  private let id: BudgetBook.ID
  /// Whether a limit of tokens or money applies, so that what a call takes must be known.
  let limitsTokens: Bool
  /// Whether a limit of money applies, so that prices must be known.
  let limitsMoney: Bool

  private init(_ book: Book, _ id: BudgetBook.ID, limitsTokens: Bool, limitsMoney: Bool) {
    self.book = book
    self.id = id
    self.limitsTokens = limitsTokens
    self.limitsMoney = limitsMoney
  }

  /// The account of a whole run.
  convenience init(_ budget: Budget) {
    self.init(
      Book(budget), BudgetBook.root, limitsTokens: budget.tokens != nil || budget.money != nil,
      limitsMoney: budget.money != nil)
  }

  /// What has been used.
  var spent: Spend { book.state.withLock { $0.book.spent(in: id) } }

  /// An account inside this one, with a limit of its own.
  func limited(to budget: Budget) -> BudgetAccount {
    let inner = book.state.withLock { $0.book.open(in: id, limit: budget) }
    return BudgetAccount(
      book, inner, limitsTokens: limitsTokens || budget.tokens != nil || budget.money != nil,
      limitsMoney: limitsMoney || budget.money != nil)
  }

  /// An account for a branch, for which an amount is set aside; waits while others may give some back.
  /// - Throws: ``BudgetError`` when there can never be enough; `CancellationError`.
  func branch(holding amount: Spend) async throws -> BudgetAccount {
    let now = book.state.withLock { $0.book.open(in: id, holding: amount) }
    switch try await answer(now, amount) {
    case .opened(let inner): return BudgetAccount(book, inner, limitsTokens: limitsTokens, limitsMoney: limitsMoney)
    case .refused(let complaint): throw BudgetError(complaint)
    }
  }

  private func answer(_ now: BudgetBook.Answer?, _ amount: Spend) async throws -> BudgetBook.Answer {
    if let now { return now }
    let ticket = Mutex<Int?>(nil)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let (isCancelled, answered) = book.state.withLock { state in
          // Asked under the lock: cancellation before this is seen here, any later one finds the waiter.
          if Task.isCancelled { return (true, state.answered()) }
          let waiter = state.book.wait(in: id, holding: amount)
          ticket.withLock { $0 = waiter }
          state.waiting[waiter] = continuation
          return (false, state.answered())
        }
        if isCancelled { continuation.resume(throwing: CancellationError()) }
        for (continuation, answer) in answered { continuation.resume(returning: answer) }
      }
    } onCancel: {
      let (own, answered) = book.state.withLock { state in
        let waiter = ticket.withLock { $0 }
        let own = waiter.flatMap { state.waiting.removeValue(forKey: $0) }
        if let waiter, own != nil { state.book.leave(waiter) }
        return (own, state.answered())
      }
      own?.resume(throwing: CancellationError())
      for (continuation, answer) in answered { continuation.resume(returning: answer) }
    }
  }

  /// Sets an amount aside for a call.
  /// - Throws: ``BudgetError`` when there is not enough.
  func reserve(_ amount: Spend) throws {
    if let problem = book.state.withLock({ $0.book.reserve(amount, in: id) }) { throw BudgetError(problem) }
  }

  /// Puts what was really used in the place of what was set aside.
  func settle(_ reserved: Spend, used: Spend) { book.changing { $0.settle(reserved, used: used, in: id) } }

  /// Gives back what was set aside and not used; nothing may be asked of the account afterwards.
  func close() { book.changing { $0.close(id) } }
}

/// A budget does not cover a piece of work, which was not begun.
public struct BudgetError: LabelledError, Hashable {
  public let description: String
  public var label: String { isUnknown ? "unknown_cost" : "budget_exhausted" }
  private let isUnknown: Bool

  /// What is left does not suffice.
  init(_ complaint: String) {
    description = complaint
    isUnknown = false
  }

  private init(unknown: String, step: String?) {
    description = step.map { "\($0): \(unknown)" } ?? unknown
    isUnknown = true
  }

  /// A limit of money, and a model whose price nobody knows.
  static func unknownPrice(_ model: String, step: String? = nil) -> BudgetError {
    BudgetError(
      unknown: "the price of \(model) is not known, and the budget limits money; give it under prices: or limit calls",
      step: step)
  }

  /// A limit of tokens or money, and a call without an output limit.
  static func noOutputLimit(_ model: String, step: String? = nil) -> BudgetError {
    BudgetError(
      unknown: "the budget limits tokens or money, and a request to \(model) has no output limit; set max_tokens",
      step: step)
  }
}
