extension Run {
  /// Tells of branches that were cancelled or never started, and of what was used for nothing.
  func tell(dropped: Int, wasted: Usage) async {
    if dropped > 0 { await emit(.settled(dropped: dropped)) }
    if wasted != .none { await emit(.wasted(wasted)) }
  }
}

extension Array {
  /// How many branches were cancelled or never started.
  func dropped<Output>() -> Int where Element == Outcome<Output> { count { $0.failure?.isCancellation == true } }

  /// What those used that have no output.
  func wasted<Output>() -> Usage where Element == Outcome<Output> {
    reduce(into: .none) { if $1.failure != nil { $0 += $1.usage } }
  }
}
