import Foundation
import Synchronization

/// One line on standard error that is written over again and again, on a terminal.
final class StatusLine: Sendable {
  private let isShown: Bool
  private let last = Mutex(ContinuousClock.now - .seconds(1))

  init(isShown: Bool) { self.isShown = isShown }

  /// Shows a text, at most ten times a second.
  func show(_ text: String) {
    guard isShown else { return }
    let isDue = last.withLock { last in
      let now = ContinuousClock.now
      guard last.duration(to: now) >= .milliseconds(100) else { return false }
      last = now
      return true
    }
    if isDue { write("\r\u{1B}[K" + Terminal.error.dim(text)) }
  }

  /// Takes the line away.
  func clear() {
    if isShown { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
