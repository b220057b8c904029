/// How many calls may be on their way at once: doubles while all goes well at the start, then grows by one for each
/// window of successes, and halves when the provider refuses (additive increase, multiplicative decrease; Chiu and Jain
/// 1989).
struct CallWindow: Sendable, Hashable {
  /// The most there ever may be.
  let most: Int
  private var size: Double
  private var isStarting = true
  /// The newest call when the window was last halved: refusals of calls before it are the same news.
  private var halvedAt = 0

  init(start: Int, most: Int) {
    self.most = max(1, most)
    size = Double(min(max(1, start), self.most))
  }

  /// How many there may be now.
  var limit: Int { max(1, Int(size)) }

  /// A call went well while so many were on their way.
  mutating func grow(inFlight: Int) {
    // What is not used up is no reason to allow more.
    guard inFlight * 2 >= limit else { return }
    size = min(Double(most), size + (isStarting ? 1 : 1 / size))
  }

  /// A call was refused.
  mutating func shrink(call: Int, newest: Int) {
    guard call > halvedAt else { return }
    halvedAt = newest
    isStarting = false
    size = max(1, size / 2)
  }
}
