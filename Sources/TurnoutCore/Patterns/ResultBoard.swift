import Synchronization

/// What subtasks have come to, for those that need it.
final class ResultBoard<Answer: Sendable>: Sendable {
  private let answers: Mutex<[Answer?]>

  init(count: Int) { answers = Mutex(Array(repeating: nil, count: count)) }

  subscript(index: Int) -> Answer? {
    get { answers.withLock { $0.indices.contains(index) ? $0[index] : nil } }
    set { answers.withLock { if $0.indices.contains(index) { $0[index] = newValue } } }
  }
}
