/// Who waits, in two classes, and in each in turn by the run they belong to: a run with a thousand calls does not hold
/// up one with three. Those somebody waits for go first, but for one in ``share``, so that the others come to their turn.
struct FairQueue: Sendable {
  /// Of so many calls, one is of those nobody waits for, as long as there are some.
  static let share = 8

  private struct Line: Sendable {
    private var runs: [String] = []
    private var next = 0
    private var waiting: [String: ArraySlice<Int>] = [:]

    var isEmpty: Bool { runs.isEmpty }
    var first: Int? { runs.isEmpty ? nil : waiting[runs[next]]?.first }

    mutating func add(_ ticket: Int, of run: String) {
      // Behind all others: the turn has just left the place before `next`.
      if waiting[run] == nil { runs.insert(run, at: next); next = (next + 1) % runs.count }
      waiting[run, default: []].append(ticket)
    }

    mutating func removeFirst() {
      guard !runs.isEmpty else { return }
      let run = runs[next]
      waiting[run]?.removeFirst()
      if waiting[run]?.isEmpty ?? true { drop(run) } else { next = (next + 1) % runs.count }
    }

    mutating func remove(_ ticket: Int, of run: String) {
      waiting[run]?.removeAll { $0 == ticket }
      if waiting[run]?.isEmpty == true { drop(run) }
    }

    private mutating func drop(_ run: String) {
      waiting[run] = nil
      guard let place = runs.firstIndex(of: run) else { return }
      runs.remove(at: place)
      if place < next { next -= 1 }
      if next >= runs.count { next = 0 }
    }
  }

  private var interactive = Line()
  private var ordinary = Line()
  private var streak = 0

  var isEmpty: Bool { interactive.isEmpty && ordinary.isEmpty }

  private var isOrdinaryNext: Bool { interactive.isEmpty || !ordinary.isEmpty && streak + 1 >= Self.share }

  /// Whose turn it is.
  var first: Int? { isOrdinaryNext ? ordinary.first : interactive.first }

  mutating func add(_ ticket: Int, of run: String, isInteractive: Bool) {
    if isInteractive { interactive.add(ticket, of: run) } else { ordinary.add(ticket, of: run) }
  }

  mutating func removeFirst() {
    if isOrdinaryNext {
      streak = 0
      ordinary.removeFirst()
    } else {
      streak = ordinary.isEmpty ? 0 : streak + 1
      interactive.removeFirst()
    }
  }

  mutating func remove(_ ticket: Int, of run: String, isInteractive: Bool) {
    if isInteractive { interactive.remove(ticket, of: run) } else { ordinary.remove(ticket, of: run) }
  }
}
