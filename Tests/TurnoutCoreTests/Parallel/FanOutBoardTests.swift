import Synchronization
import Testing
import TurnoutTesting

@testable import TurnoutCore

/// What the workers of a fan-out share.
@Suite struct FanOutBoardTests {
  private static let policies: [FailurePolicy] = [
    .failFast, .settle, .quorum(0), .quorum(1), .quorum(3), .atLeast(2, by: .seconds(1)),
  ]

  private func success(_ number: Int) -> Outcome<Int> { Outcome(.success(number)) }
  private func failure(_ number: Int) -> Outcome<Int> {
    Outcome(.failure(RunFailure(label: "broken", message: "branch \(number)")))
  }

  @Test func `Branches are taken in order, each once, and no more than there are`() {
    let board = FanOutBoard<Int>(.settle, count: 3)
    #expect(board.hasNext)
    #expect([board.next(), board.next(), board.next(), board.next()] == [0, 1, 2, nil])
    #expect(!board.hasNext)
    #expect(!board.isClosed)
  }

  @Test func `Of nothing there is nothing to take`() {
    for policy in Self.policies { #expect(FanOutBoard<Int>(policy, count: 0).next() == nil) }
  }

  @Test func `No successes are there before anything starts`() {
    let board = FanOutBoard<Int>(.quorum(0), count: 4)
    #expect(board.isClosed)
    #expect(board.next() == nil)
    #expect(board.results.settlement.isSatisfied)
  }

  @Test func `The first failure closes it where one is enough to fail, and is the one that is told`() {
    let board = FanOutBoard<Int>(.failFast, count: 4)
    for _ in 0..<3 { _ = board.next() }
    board.record(success(1), of: 1)
    #expect(!board.isClosed)
    board.record(failure(2), of: 2)
    #expect(board.isClosed)
    #expect(board.next() == nil)
    // What was running then is cancelled, and its failure is not the reason.
    board.record(failure(0), of: 0)
    let results = board.results
    #expect(results.firstFailure?.message == "branch 2")
    #expect(results.arrivals.map { $0?.output } == [nil, 1, nil, nil])
    #expect(results.arrivals[3] == nil)
    #expect(!results.settlement.isSatisfied)
  }

  @Test func `A success that comes when it is closed counts all the same`() {
    let board = FanOutBoard<Int>(.atLeast(2, by: .seconds(1)), count: 3)
    for _ in 0..<3 { _ = board.next() }
    board.record(success(0), of: 0)
    board.close()
    board.record(success(1), of: 1)
    board.record(failure(2), of: 2)
    #expect(board.results.settlement.succeeded == 2)
    #expect(board.results.settlement.isSatisfied)
    #expect(board.results.firstFailure == nil)
  }

  /// The same, told one outcome after another to a settlement alone.
  private func reference(
    _ policy: FailurePolicy, _ count: Int, _ order: [(index: Int, succeeds: Bool)]
  ) -> (closedAfter: Int?, succeeded: Int) {
    var settlement = Settlement(policy, count: count)
    var closedAfter: Int? = policy == .quorum(0) ? 0 : nil
    for (place, outcome) in order.enumerated() {
      if closedAfter != nil {
        if outcome.succeeds { _ = settlement.record(success: true) }
      } else if settlement.record(success: outcome.succeeds) != .goOn {
        closedAfter = place + 1
      }
    }
    return (closedAfter, settlement.succeeded)
  }

  @Test(arguments: 1...300) func `Any order of arrival settles as the policy says`(seed: Int) {
    var random = SplitMix64(seed: seed)
    let policy = Self.policies[random.int(0...Self.policies.count - 1)]
    let count = random.int(3...12)
    let workers = random.int(1...5)
    let board = FanOutBoard<Int>(policy, count: count)
    var running: [Int] = []
    var order: [(index: Int, succeeds: Bool)] = []
    var taken: [Int] = []
    while true {
      while running.count < workers, let index = board.next() {
        running.append(index)
        taken.append(index)
      }
      guard !running.isEmpty else { break }
      let index = running.remove(at: random.int(0...running.count - 1))
      let succeeds = random.int(0...3) > 0
      order.append((index, succeeds))
      board.record(succeeds ? success(index) : failure(index), of: index)
      let expected = reference(policy, count, order)
      #expect(board.isClosed == (expected.closedAfter != nil), "\(policy) after \(order)")
    }
    let results = board.results
    #expect(taken == Array(0..<taken.count), "each once and in order")
    #expect(board.isClosed || taken.count == count)
    #expect(results.settlement.succeeded == reference(policy, count, order).succeeded)
    for index in 0..<count {
      let told = order.first { $0.index == index }
      #expect((results.arrivals[index] == nil) == (told == nil))
      #expect((results.arrivals[index]?.output != nil) == (told?.succeeds ?? false))
    }
  }

  @Test func `Many workers at once take every branch once`() async {
    let board = FanOutBoard<Int>(.settle, count: 5_000)
    await withTaskGroup { group in
      for _ in 0..<32 {
        group.addTask {
          while let index = board.next() {
            board.record(Outcome(.success(index)), of: index)
            if index.isMultiple(of: 7) { await Task.yield() }
          }
        }
      }
    }
    let results = board.results
    #expect(results.arrivals.map { $0?.output } == Array(0..<5_000))
    #expect(results.settlement.succeeded == 5_000)
  }
}

/// Fan-outs whose outcomes somebody is given as they arrive, beside those that nobody watches.
@Suite struct WatchedFanOutTests {
  private struct Broken: Error {}

  private func step(failing: Set<Int>) -> FunctionStep<Int, Int> {
    FunctionStep("twice") { (number: Int) in
      await Task.yield()
      if failing.contains(number) { throw Broken() }
      return 2 * number
    }
  }

  @Test(arguments: 1...60) func `Whether somebody watches changes no outcome`(seed: Int) async throws {
    var random = SplitMix64(seed: seed)
    let inputs = Array(0..<random.int(1...40))
    let failing = Set(inputs.filter { _ in random.int(0...4) == 0 })
    let each = ForEach(step(failing: failing), atMost: random.int(1...9), onFailure: .settle)
    let unwatched = try await each.run(inputs)
    var seen: [Int: Int?] = [:]
    let watched = try await each.run(inputs, in: Run()) { index, outcome in
      #expect(seen[index] == nil, "each once")
      seen[index] = .some(outcome.output)
    }
    #expect(unwatched.map(\.output) == inputs.map { failing.contains($0) ? nil : 2 * $0 })
    #expect(watched.map(\.output) == unwatched.map(\.output))
    #expect(inputs.map { seen[$0] ?? -1 } == unwatched.map(\.output))
  }

  @Test func `Nothing further starts while the one who watches works`() async throws {
    let inputs = Array(0..<30)
    let started = Counter()
    let step = FunctionStep("count") { (number: Int) in
      started.add()
      return number
    }
    var most = 0
    var arrived = 0
    _ = try await ForEach(step, atMost: 3).run(inputs, in: Run()) { _, _ in
      arrived += 1
      let before = started.count
      for _ in 0..<20 { await Task.yield() }
      most = max(most, before - arrived)
    }
    // Of three workers one has brought its outcome and waits, so that two at most are ahead.
    #expect(most <= 2)
    #expect(arrived == 30)
  }

  @Test func `What the one who watches throws ends the whole, and nothing further starts`() async {
    let started = Counter()
    let step = FunctionStep("count") { (number: Int) in
      started.add()
      return number
    }
    await #expect(throws: Broken.self) {
      _ = try await ForEach(step, atMost: 2).run(Array(0..<50), in: Run()) { index, _ in
        if index >= 3 { throw Broken() }
      }
    }
    #expect(started.count <= 6)
  }
}

private final class Counter: Sendable {
  private let number = Mutex(0)
  var count: Int { number.withLock { $0 } }
  func add() { number.withLock { $0 += 1 } }
}
