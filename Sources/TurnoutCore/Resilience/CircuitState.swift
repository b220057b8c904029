/// Whether a provider is asked at all: a value that is told how calls end, so that it can be tested by itself.
///
/// Closed, every call goes. After so many failures in a row that are the provider's it opens: calls fail at once. After a
/// while one call may try (half open); when it succeeds the circuit closes, when it fails it stays open for twice as
/// long, up to a limit (Nygard, *Release It!*, 2007).
struct CircuitState: Sendable {
  let settings: CircuitSettings
  private var failures = 0
  private var openUntil: Duration?
  private var pause: Duration
  private var isProbing = false

  init(_ settings: CircuitSettings) {
    self.settings = settings
    pause = settings.pause
  }

  /// Whether a call may go now.
  enum Admission: Equatable {
    /// It may.
    case go
    /// It may, and the rest depends on how it ends.
    case probe
    /// It fails at once; after so long one may try.
    case refused(Duration)
  }

  mutating func admit(_ now: Duration) -> Admission {
    guard let openUntil else { return .go }
    if isProbing { return .refused(.zero) }
    guard now >= openUntil else { return .refused(openUntil - now) }
    isProbing = true
    return .probe
  }

  /// How a call ended.
  enum Ending: Equatable {
    case succeeded, failed
    /// It says nothing of the provider: it was cancelled, or the request was wrong.
    case unknown
  }

  mutating func end(_ ending: Ending, wasProbe: Bool, at now: Duration) {
    if wasProbe { isProbing = false }
    switch ending {
    case .succeeded:
      // An old call that succeeds late does not close what has opened since.
      if openUntil != nil, !wasProbe { return }
      failures = 0
      openUntil = nil
      pause = settings.pause
    case .failed:
      if wasProbe {
        pause = min(pause * 2, settings.longestPause)
        openUntil = now + pause
        return
      }
      guard openUntil == nil else { return }
      failures += 1
      if failures >= settings.failures { openUntil = now + pause }
    case .unknown: break
    }
  }
}

/// When a ``Circuit`` opens, and for how long.
public struct CircuitSettings: Sendable, Hashable {
  /// After how many failures in a row it opens; at least 1.
  public var failures: Int
  /// How long it is open before one call may try.
  public var pause: Duration
  /// The longest that it is open, when tries fail again and again.
  public var longestPause: Duration

  /// Settings.
  public init(failures: Int = 10, pause: Duration = .seconds(5), longestPause: Duration = .seconds(60)) {
    self.failures = max(1, failures)
    self.pause = max(.zero, pause)
    self.longestPause = max(self.pause, longestPause)
  }
}
