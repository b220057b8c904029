extension RunTree {
  /// Those whose branches wait for nothing but a place.
  private static let independent: Set<StepKind> = [.parallel, .each, .split, .race, .hedge, .route]
  /// Pieces that are looked at as a whole.
  private static let leaves: Set<StepKind> = [.agent, .model, .tool, .gate]

  /// The pieces of work that decided how long the run took, one after the other: had one of them been quicker, the run
  /// would have been. Agents are looked at as a whole.
  ///
  /// Found backwards: of what is inside a piece of work, the one that ended last; before it, the one that ended last
  /// before that began; and so on. A branch of a fan-out waits for none beside it but the one whose place it took; that is
  /// told as long as all branches are kept.
  public var criticalPath: [Span] { outermost.map(critical) ?? [] }

  private func critical(_ span: Span) -> [Span] {
    if Self.leaves.contains(span.kind) { return [span] }
    var candidates = children(of: span).filter { $0.end != nil && $0.state != .cancelled }
    var latest = span.end ?? candidates.compactMap(\.end).max() ?? span.start
    var branch: Int?
    var path: [Span] = []
    while true {
      let possible = candidates.filter { child in
        guard let end = child.end, end <= latest else { return false }
        if child.branch == nil || branch == nil || child.branch == branch { return true }
        if !Self.independent.contains(span.kind) { return true }
        // Whoever took its place began at once; what hardly took time has kept nobody waiting.
        return span.omitted.count == 0 && latest - end < .milliseconds(2) && child.duration > .milliseconds(1)
      }
      guard let next = possible.max(by: { ($0.end ?? .zero, $0.id) < ($1.end ?? .zero, $1.id) }) else { break }
      path.append(next)
      latest = next.start
      branch = next.branch ?? branch
      // What began later cannot have been waited for, also where the clock stood still.
      candidates.removeAll { $0.id >= next.id }
    }
    return path.isEmpty ? [span] : path.reversed().flatMap(critical)
  }
}
