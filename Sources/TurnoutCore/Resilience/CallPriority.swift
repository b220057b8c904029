/// Whether somebody waits for what a call answers; where calls have to queue, those go first. Set it on a run:
///
/// ```swift
/// var run = Run()
/// run.values[CallPriority.Key.self] = .interactive
/// ```
public enum CallPriority: Sendable, Hashable {
  /// Nobody in particular waits.
  case ordinary
  /// Somebody waits.
  case interactive

  /// Where a run carries it; ordinary unless it is set.
  public enum Key: RunKey {
    /// Nobody in particular waits.
    public static let defaultValue = CallPriority.ordinary
  }
}
