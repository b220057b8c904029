import Synchronization
import TurnoutCore
import TurnoutTesting

extension SplitMix64 {
  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func chance(_ percent: Int) -> Bool { int(1...100) <= percent }
  mutating func pick<T>(_ choices: [T]) -> T { choices[int(0...choices.count - 1)] }
}

/// Runs tasks one job at a time on the caller's thread, in an order drawn from a seed: interleavings can be repeated,
/// and a task that waits for ever is found instead of waited for.
final class SeededExecutor: TaskExecutor {
  private let queue: Mutex<(jobs: [UnownedJob], random: SplitMix64)>

  init(seed: Int = 1) { queue = Mutex(([], SplitMix64(seed: seed))) }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.withLock { $0.jobs.append(job) }
  }

  /// Runs jobs until every task is done or waits.
  func runUntilIdle() {
    while let job = next() { job.runSynchronously(on: asUnownedTaskExecutor()) }
  }

  /// Starts a task and runs everything until it waits.
  func start<T: Sendable>(_ body: @escaping @Sendable () async throws -> T) -> Started<T> {
    let started = Started<T>()
    started.task = Task(executorPreference: self) {
      do { started.result = .success(try await body()) } catch { started.result = .failure(error) }
    }
    runUntilIdle()
    return started
  }

  private func next() -> UnownedJob? {
    queue.withLock { queue in
      guard !queue.jobs.isEmpty else { return nil }
      return queue.jobs.remove(at: queue.random.int(0...queue.jobs.count - 1))
    }
  }
}

/// A task of a ``SeededExecutor`` and what became of it; nil while it waits.
final class Started<T: Sendable>: Sendable {
  private let state = Mutex<(task: Task<Void, Never>?, result: Result<T, any Error>?)>((nil, nil))

  var result: Result<T, any Error>? {
    get { state.withLock { $0.result } }
    set { state.withLock { $0.result = newValue } }
  }
  var task: Task<Void, Never>? {
    get { state.withLock { $0.task } }
    set { state.withLock { $0.task = newValue } }
  }
  var isDone: Bool { result != nil }
  var value: T? { try? result?.get() }
  var error: (any Error)? { if case .failure(let error) = result { error } else { nil } }
  func cancel() { task?.cancel() }
}

/// Holds whoever waits until it is opened; waiting ends with the task's cancellation.
struct Gate: Sendable {
  private let clock = ManualClock()
  private let opening: ManualClock.Instant

  init() { opening = clock.now.advanced(by: .seconds(1)) }

  func wait() async throws { try await clock.sleep(until: opening, tolerance: nil) }
  /// Returns once so many wait.
  func waiters(_ count: Int) async { await clock.sleepers(count) }
  func open() { clock.advance(by: .seconds(1)) }
}

/// Counts what is going on at once, and the most there ever was.
final class Gauge: Sendable {
  private let counts = Mutex((current: 0, peak: 0, total: 0))

  var current: Int { counts.withLock { $0.current } }
  var peak: Int { counts.withLock { $0.peak } }
  var total: Int { counts.withLock { $0.total } }

  func enter() {
    counts.withLock {
      $0.current += 1
      $0.total += 1
      $0.peak = max($0.peak, $0.current)
    }
  }
  func leave() { counts.withLock { $0.current -= 1 } }
}

/// A list that many tasks add to.
final class Journal<Entry: Sendable>: Sendable {
  private let list = Mutex<[Entry]>([])
  var entries: [Entry] { list.withLock { $0 } }
  func add(_ entry: Entry) { list.withLock { $0.append(entry) } }
}

/// An error with a message of its own.
struct Broken: LabelledError, Equatable {
  var label: String { "broken" }
  let description: String
  init(_ description: String = "it broke") { self.description = description }
}

extension RunEvent {
  /// The event's word: `started`, `failed`.
  var word: String { value["event"]?.string ?? "" }
}

extension EventRecorder {
  /// Word and path of every event, a line each.
  var lines: [String] { events.map { "\($0.word) \($0.path)" } }
}

extension SeededExecutor {
  /// Lets seconds pass on a clock, one after the other, and everything happen that waits for them.
  func pass(_ seconds: Int, on clock: ManualClock) {
    for _ in 0..<seconds {
      clock.advance(by: .seconds(1))
      runUntilIdle()
    }
  }
}

extension ModelRequest {
  /// The bytes of everything that was said, but what tools returned.
  var saidBytes: Int {
    messages.reduce(0) { sum, message in
      switch message {
      case .system(let text), .user(let text), .assistant(let text, _, _): sum + text.utf8.count
      case .userParts(let parts): sum + parts.texts.reduce(0) { $0 + $1.utf8.count }
      case .toolResult: sum
      }
    }
  }
}
