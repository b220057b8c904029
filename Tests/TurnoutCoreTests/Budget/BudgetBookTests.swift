import Testing
import TurnoutTesting

@testable import TurnoutCore

/// The sums of a budget by themselves: amounts are set aside, used and given back.
@Suite struct BudgetBookTests {
  private func opened(_ answer: BudgetBook.Answer?) throws -> BudgetBook.ID {
    guard case .opened(let id)? = answer else { throw Broken("it was not opened: \(String(describing: answer))") }
    return id
  }

  @Test func whatIsUsedTakesThePlaceOfWhatWasSetAside() {
    var book = BudgetBook(Budget(calls: 3, tokens: 100))
    #expect(book.reserve(Spend(calls: 1, tokens: 60), in: BudgetBook.root) == nil)
    #expect(
      book.reserve(Spend(calls: 1, tokens: 41), in: BudgetBook.root)
        == "the budget of 100 tokens has 40 left, and up to 41 are needed")
    book.settle(Spend(calls: 1, tokens: 60), used: Spend(calls: 1, tokens: 10), in: BudgetBook.root)
    #expect(book.reserve(Spend(calls: 1, tokens: 90), in: BudgetBook.root) == nil)
    #expect(book.spent(in: BudgetBook.root) == Spend(calls: 1, tokens: 10))
    #expect(book.committed(in: BudgetBook.root) == Spend(calls: 2, tokens: 100))
  }

  @Test func aBranchHoldsItsWorstCaseAndGivesBackTheRest() throws {
    var book = BudgetBook(Budget(calls: 5))
    let branch = try opened(book.open(in: BudgetBook.root, holding: Spend(calls: 3)))
    #expect(book.committed(in: BudgetBook.root).calls == 3)
    #expect(book.reserve(Spend(calls: 1), in: branch) == nil)
    #expect(book.committed(in: BudgetBook.root).calls == 3, "what it holds pays for it")
    book.settle(Spend(calls: 1), used: Spend(calls: 1), in: branch)
    book.close(branch)
    #expect(book.committed(in: BudgetBook.root).calls == 1)
    #expect(book.spent(in: BudgetBook.root).calls == 1)
  }

  @Test func aBranchThatNeedsMoreThanItHoldsAsksForTheRest() throws {
    var book = BudgetBook(Budget(calls: 3))
    let branch = try opened(book.open(in: BudgetBook.root, holding: Spend(calls: 1)))
    for _ in 0..<3 { #expect(book.reserve(Spend(calls: 1), in: branch) == nil) }
    #expect(book.reserve(Spend(calls: 1), in: branch) == "the budget of 3 calls has 0 left, and up to 1 are needed")
  }

  @Test func whoDoesNotFitNowWaitsAndNobodyOvertakes() throws {
    var book = BudgetBook(Budget(calls: 3))
    let first = try opened(book.open(in: BudgetBook.root, holding: Spend(calls: 2)))
    #expect(book.open(in: BudgetBook.root, holding: Spend(calls: 3)) == nil)
    let large = book.wait(in: BudgetBook.root, holding: Spend(calls: 3))
    let small = book.wait(in: BudgetBook.root, holding: Spend(calls: 1))
    #expect(book.answered().isEmpty, "the small one would fit, and does not go first")
    book.close(first)
    let answers = book.answered()
    #expect(answers.map(\.waiter) == [large])
    book.close(try opened(answers.first?.answer))
    #expect(book.answered().map(\.waiter) == [small])
  }

  @Test func whatCanNeverFitIsRefusedAtOnce() {
    var book = BudgetBook(Budget(money: Money(usd: 1)))
    #expect(
      book.open(in: BudgetBook.root, holding: Spend(money: Money(usd: 1.5)))
        == .refused("the budget of $1.00 has $1.00 left, and up to $1.50 is needed"))
  }

  @Test func waitersAreRefusedOnceWhatWasSpentLeavesTooLittle() throws {
    var book = BudgetBook(Budget(calls: 4))
    let branch = try opened(book.open(in: BudgetBook.root, holding: Spend(calls: 2)))
    #expect(book.open(in: BudgetBook.root, holding: Spend(calls: 3)) == nil)
    let waiter = book.wait(in: BudgetBook.root, holding: Spend(calls: 3))
    #expect(book.reserve(Spend(calls: 2), in: branch) == nil)
    book.settle(Spend(calls: 2), used: Spend(calls: 2), in: branch)
    let answers = book.answered()
    #expect(answers.map(\.waiter) == [waiter])
    #expect(answers.first?.answer == .refused("the budget of 4 calls has 2 left, and up to 3 are needed"))
  }

  @Test func whoIsInsideOfABranchDoesNotWaitBehindThoseWhoWaitForIt() throws {
    var book = BudgetBook(Budget(calls: 4))
    let outer = try opened(book.open(in: BudgetBook.root, holding: Spend(calls: 3)))
    #expect(book.open(in: BudgetBook.root, holding: Spend(calls: 2)) == nil)
    _ = book.wait(in: BudgetBook.root, holding: Spend(calls: 2))
    _ = try opened(book.open(in: outer, holding: Spend(calls: 3)))
    #expect(book.open(in: BudgetBook.root, holding: Spend(calls: 1)) == nil, "others queue behind who waits")
  }

  @Test func whoIsInsideOfABranchDoesNotWaitForIt() throws {
    var book = BudgetBook(Budget(calls: 4))
    let outer = try opened(book.open(in: BudgetBook.root, holding: Spend(calls: 2)))
    _ = try opened(book.open(in: BudgetBook.root, holding: Spend(calls: 2)))
    #expect(
      book.open(in: outer, holding: Spend(calls: 3))
        == .refused("the budget of 4 calls has 0 left, and up to 1 are needed"))
  }

  @Test func theLimitOfAPartHoldsWithinTheWhole() {
    var book = BudgetBook(Budget(calls: 10))
    let part = book.open(in: BudgetBook.root, limit: Budget(calls: 2))
    #expect(book.reserve(Spend(calls: 2), in: part) == nil)
    #expect(book.reserve(Spend(calls: 1), in: part) == "the budget of 2 calls has 0 left, and up to 1 are needed")
    #expect(book.reserve(Spend(calls: 8), in: BudgetBook.root) == nil)
    #expect(book.reserve(Spend(calls: 1), in: BudgetBook.root) != nil)
  }

  /// Random openings, reservations, settlements and closings: limits hold at every moment, in every account, and in the
  /// end nothing is set aside any more.
  @Test(arguments: 1...200) func limitsHoldAtEveryMoment(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let limit = Budget(calls: random.int(1...30), tokens: random.int(1...500))
    var book = BudgetBook(limit)
    var accounts: [(id: BudgetBook.ID, parent: BudgetBook.ID?, limit: Budget)] = [(BudgetBook.root, nil, limit)]
    var reserved: [(account: BudgetBook.ID, amount: Spend)] = []
    var used = Spend.zero
    var waiting = 0
    func check(_ what: String) {
      for account in accounts {
        #expect(account.limit.covers(book.committed(in: account.id)), "seed \(seed), after \(what)")
      }
      #expect(book.spent(in: BudgetBook.root) == used, "seed \(seed), after \(what)")
    }
    func take(_ answers: [(waiter: Int, answer: BudgetBook.Answer)]) {
      for (_, answer) in answers {
        waiting -= 1
        if case .opened(let id) = answer { accounts.append((id, BudgetBook.root, Budget())) }
      }
    }
    for _ in 0..<200 {
      let amount = Spend(calls: random.int(0...4), tokens: random.int(0...60))
      let account = random.pick(accounts)
      switch random.int(0...5) {
      case 0:
        let budget = Budget(calls: random.int(0...10))
        accounts.append((book.open(in: account.id, limit: budget), account.id, budget))
      case 1:
        switch book.open(in: account.id, holding: amount) {
        case .opened(let id): accounts.append((id, account.id, Budget()))
        case .refused: break
        case nil:
          _ = book.wait(in: BudgetBook.root, holding: amount)
          waiting += 1
        }
      case 2, 3:
        if book.reserve(amount, in: account.id) == nil { reserved.append((account.id, amount)) }
      case 4:
        guard !reserved.isEmpty else { continue }
        let (account, amount) = reserved.remove(at: random.int(0...reserved.count - 1))
        let actual = Spend(calls: random.int(0...amount.calls), tokens: random.int(0...amount.tokens))
        book.settle(amount, used: actual, in: account)
        used = used + actual
      default:
        let isFree = !reserved.contains { $0.account == account.id } && !accounts.contains { $0.parent == account.id }
        if account.id != BudgetBook.root, isFree {
          accounts.removeAll { $0.id == account.id }
          book.close(account.id)
        }
      }
      take(book.answered())
      check("a step")
    }
    for (account, amount) in reserved {
      book.settle(amount, used: .zero, in: account)
      take(book.answered())
    }
    while accounts.count > 1 {
      let leaf = accounts.lastIndex { account in
        account.id != BudgetBook.root && !accounts.contains { $0.parent == account.id }
      }
      guard let leaf else { break }
      book.close(accounts.remove(at: leaf).id)
      take(book.answered())
    }
    check("everything")
    #expect(waiting == 0, "seed \(seed): nobody waits for what never comes")
    #expect(book.committed(in: BudgetBook.root) == used, "seed \(seed)")
  }
}
