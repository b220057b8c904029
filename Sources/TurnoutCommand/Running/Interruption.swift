import Dispatch
import Foundation
import Synchronization
import TurnoutCore

/// What SIGINT and SIGTERM do while a command works.
///
/// The first one cancels the work, so that local servers end and what had finished can be told. One that comes before
/// there is work, while standard input is read, and a second one end the process at once. In all cases one report is
/// printed, and no more than one.
final class Interruption: Sendable {
  private enum State {
    case idle
    case working(cancel: @Sendable () -> Void)
    case cancelling
    case reporting
  }

  private let state = Mutex(State.idle)
  private let isJSON: Bool

  /// Handles the signals from now on, until the process ends.
  init(json: Bool) {
    isJSON = json
    // Until a source is registered its signal would still end the process without a word.
    let registered = DispatchGroup()
    for number in [SIGINT, SIGTERM] {
      #if canImport(Darwin)
        signal(number, SIG_IGN)
      #endif
      let source = DispatchSource.makeSignalSource(signal: number)
      registered.enter()
      source.setRegistrationHandler { registered.leave() }
      // The handler holds its source, and so both live as long as the process.
      source.setEventHandler { withExtendedLifetime(source) { self.received() } }
      source.activate()
    }
    registered.wait()
  }

  /// Does work that the first signal cancels.
  func cancelling<Result: Sendable>(_ work: @escaping @Sendable () async throws -> Result) async throws -> Result {
    // Under the lock, so that no signal finds work that it does not know of.
    let task = state.withLock { state in
      let task = Task { try await work() }
      if case .idle = state { state = .working { task.cancel() } }
      return task
    }
    return try await task.value
  }

  /// Must be called before a report is printed; does not return when a signal has led to one already.
  func beginReport() async {
    let isFirst = state.withLock { state in
      if case .reporting = state { return false }
      state = .reporting
      return true
    }
    // The process is about to end.
    while !isFirst { try? await Task.sleep(for: .seconds(60)) }
  }

  private func received() {
    let action: () -> Void = state.withLock { state in
      switch state {
      case .working(let cancel):
        state = .cancelling
        return cancel
      case .idle, .cancelling:
        state = .reporting
        return { Output.fail(CancellationError(), json: self.isJSON) }
      case .reporting: return { _exit(ExitStatus.interrupted) }
      }
    }
    action()
  }
}
