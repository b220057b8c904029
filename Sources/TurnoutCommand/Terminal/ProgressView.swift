import Foundation
import Synchronization
import TurnoutCore
import TurnoutEvaluation

/// Progress for a person: on a terminal one live line for each branch at work, elsewhere a line for each that has ended.
final class ProgressView: RunEventSink {
  let isShown: Bool
  private let isLive: Bool
  private let model: Mutex<ProgressModel>

  init(isLive: Bool, isShown: Bool) {
    self.isLive = isLive && isShown
    model = Mutex(ProgressModel(keepsAll: !(isLive && isShown)))
    self.isShown = isShown
  }

  var wantsText: Bool { isLive }

  func receive(_ event: RunEvent) async {
    let entry = model.withLock { model in
      let entry = model.add(event)
      if !isLive { _ = model.takeEnded() }
      return entry
    }
    if let entry, !isLive { Output.note(entry.text(Terminal.error, width: 200)) }
  }

  /// Shows progress while the body runs; on a terminal it is redrawn ten times a second, however many events there are.
  func showing<Result: Sendable>(_ body: @Sendable () async -> Result) async -> Result {
    guard isLive else { return await body() }
    return await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.redraw() }
      let result = await body()
      group.cancelAll()
      await group.waitForAll()
      return result
    }
  }

  private func redraw() async {
    var drawn: [Int] = []
    while !Task.isCancelled {
      drawn = draw(over: drawn)
      try? await Task.sleep(for: .milliseconds(100))
    }
    // The permanent lines stay; the live ones go.
    _ = draw(over: drawn, isLast: true)
  }

  /// - Parameter drawn: the columns of each live line that is on the screen.
  /// - Returns: those of the lines that are there now.
  private func draw(over drawn: [Int], isLast: Bool = false) -> [Int] {
    let terminal = Terminal.error
    let width = terminal.width
    let (ended, active) = model.withLock {
      ($0.takeEnded(), $0.active(limit: max(1, min(12, terminal.height - 5)), terminal, width: width))
    }
    // A terminal that has become narrower has broken long lines into several.
    let rows = drawn.reduce(0) { $0 + max(1, ($1 + width - 1) / max(1, width)) }
    var text = rows > 0 ? "\u{1B}[\(rows)A\r\u{1B}[J" : ""
    for entry in ended { text += entry.text(terminal, width: width) + "\n" }
    let live = isLast ? [] : active
    for line in live { text += line + "\n" }
    if !text.isEmpty { FileHandle.standardError.write(Data(text.utf8)) }
    return live.map { TextColumns.width(Terminal.plain($0)) }
  }
}
