/// Who may use how much of a budget: a tree of accounts, as a value, so that its sums can be tested by themselves.
///
/// An account counts what has been spent in it and what is set aside for calls that are being made. It may have a limit
/// of its own, and it may hold an amount: that much is set aside in the account above from the start, whether or not it
/// is used, and what is used beyond it is asked of the account above as it comes.
struct BudgetBook: Sendable {
  typealias ID = Int

  private struct Account {
    var parent: ID?
    var limit: Budget
    var hold: Spend
    /// What was really used.
    var spent = Spend.zero
    /// What was really used, and what is set aside inside.
    var committed = Spend.zero

    /// What the account above sets aside for this one.
    var claim: Spend { committed.most(hold) }
  }

  private struct Waiter {
    let id: Int
    let parent: ID
    let hold: Spend
  }

  /// What becomes of someone who wanted an amount held.
  enum Answer: Hashable, Sendable {
    case opened(ID)
    case refused(String)
  }

  private var accounts: [Account]
  private var free: [ID] = []
  private var waiters: [Waiter] = []
  private var nextWaiter = 0

  /// The account of the whole.
  static let root: ID = 0

  init(_ budget: Budget) { accounts = [Account(parent: nil, limit: budget, hold: .zero)] }

  /// What was really used in an account, everything inside included.
  func spent(in account: ID) -> Spend { accounts[account].spent }
  /// What was used or is set aside in an account.
  func committed(in account: ID) -> Spend { accounts[account].committed }

  /// Opens an account inside another, with a limit of its own.
  mutating func open(in parent: ID, limit: Budget) -> ID { add(Account(parent: parent, limit: limit, hold: .zero)) }

  /// Opens an account that holds an amount.
  /// - Returns: nil when the amount may come free, or others wait already: ask with ``wait(in:holding:)``.
  mutating func open(in parent: ID, holding hold: Spend) -> Answer? {
    // Who asks inside of something that holds an amount never waits: those in the queue may be waiting for that amount.
    let holds = ancestors(of: parent).contains { accounts[$0].hold != .zero }
    if !holds, !waiters.isEmpty { return nil }
    return opening(in: parent, holding: hold, mayWait: !holds)
  }

  private mutating func opening(in parent: ID, holding hold: Spend, mayWait: Bool) -> Answer? {
    if let complaint = problem(adding: hold, to: parent) {
      return mayWait && !isHopeless(hold, in: parent) ? nil : .refused(complaint)
    }
    let id = add(Account(parent: parent, limit: Budget(), hold: hold))
    commit(hold, to: parent)
    return .opened(id)
  }

  /// Takes a place in the queue for an amount.
  mutating func wait(in parent: ID, holding hold: Spend) -> Int {
    nextWaiter += 1
    waiters.append(Waiter(id: nextWaiter, parent: parent, hold: hold))
    return nextWaiter
  }

  /// Leaves the queue. Those behind may fit now.
  mutating func leave(_ waiter: Int) { waiters.removeAll { $0.id == waiter } }

  /// Those of the queue who can be answered now, in its order: nobody overtakes.
  mutating func answered() -> [(waiter: Int, answer: Answer)] {
    var answers: [(Int, Answer)] = []
    while let first = waiters.first, let answer = opening(in: first.parent, holding: first.hold, mayWait: true) {
      waiters.removeFirst()
      answers.append((first.id, answer))
    }
    return answers
  }

  /// Sets an amount aside for a call.
  /// - Returns: what is wrong, when there is not enough; nothing is set aside then.
  mutating func reserve(_ amount: Spend, in account: ID) -> String? {
    if let problem = problem(adding: amount, to: account) { return problem }
    commit(amount, to: account)
    return nil
  }

  /// Puts what was really used in the place of what was set aside.
  mutating func settle(_ reserved: Spend, used: Spend, in account: ID) {
    for id in ancestors(of: account) { accounts[id].spent = accounts[id].spent + used }
    change(account) { $0.less(reserved) + used }
  }

  /// Closes an account: what it holds and did not use is free again.
  mutating func close(_ account: ID) {
    guard let parent = accounts[account].parent else { return }
    let claim = accounts[account].claim
    let kept = accounts[account].committed
    accounts[account].hold = .zero
    free.append(account)
    change(parent) { $0.less(claim) + kept }
  }

  private mutating func add(_ account: Account) -> ID {
    if let id = free.popLast() {
      accounts[id] = account
      return id
    }
    accounts.append(account)
    return accounts.count - 1
  }

  /// An account and all above it.
  private func ancestors(of account: ID) -> [ID] {
    var chain: [ID] = []
    var current: ID? = account
    while let id = current {
      chain.append(id)
      current = accounts[id].parent
    }
    return chain
  }

  /// The first limit that is in the way of an amount.
  private func problem(adding amount: Spend, to account: ID) -> String? {
    var change = amount
    for id in ancestors(of: account) {
      let account = accounts[id]
      let committed = account.committed + change
      if !account.limit.covers(committed) { return account.limit.complaint(account.committed, change) }
      change = committed.most(account.hold).less(account.claim)
      if change == .zero { return nil }
    }
    return nil
  }

  /// Whether an amount would not fit either if everything that is set aside came free.
  private func isHopeless(_ amount: Spend, in account: ID) -> Bool {
    ancestors(of: account).contains { !accounts[$0].limit.covers(accounts[$0].spent + amount) }
  }

  private mutating func commit(_ amount: Spend, to account: ID) { change(account) { $0 + amount } }

  /// Changes what is committed in an account, and what the ones above set aside for it.
  private mutating func change(_ account: ID, _ body: (Spend) -> Spend) {
    let before = accounts[account].claim
    accounts[account].committed = body(accounts[account].committed)
    let after = accounts[account].claim
    guard let parent = accounts[account].parent, before != after else { return }
    change(parent) { $0.less(before) + after }
  }
}

extension Spend {
  /// In each respect the larger of two amounts.
  func most(_ other: Spend) -> Spend {
    Spend(calls: max(calls, other.calls), tokens: max(tokens, other.tokens), money: max(money, other.money))
  }
}
