/// Which inputs may start and which outcomes come next, in input order: a value, so that its order can be tested by
/// itself.
///
/// At most ``bound`` inputs are worked on at once, and none starts ``size`` or more ahead of the oldest outcome that was
/// not taken: so much is kept, however many inputs there are.
struct DeliveryWindow<Element: Sendable>: Sendable {
  /// What somebody gets who asks for the next outcome.
  enum Answer {
    case element(Element)
    case wait
    case end
    case failed(any Error)
  }

  private let size: Int
  private let bound: Int
  /// The outcomes that have arrived and were not taken, each in its place.
  private var slots: [Element?]
  private var running = 0
  private var taken = 0
  private var failure: (any Error)?
  private var ending: (any Error)?
  /// How many inputs were started.
  private(set) var started = 0
  /// Whether nothing starts any more.
  private(set) var isClosed = false
  /// Whether all inputs were read and everything that was started has ended.
  private var isComplete = false

  init(size: Int, bound: Int) {
    self.bound = max(1, bound)
    self.size = max(1, size)
    slots = Array(repeating: nil, count: self.size)
  }

  /// The index of the next input, when it may start now.
  mutating func start() -> Int? {
    guard !isClosed, running < bound, started - taken < size else { return nil }
    running += 1
    started += 1
    return started - 1
  }

  /// Keeps an outcome until its turn comes.
  mutating func arrive(_ index: Int, _ element: Element) {
    running -= 1
    slots[index % size] = element
  }

  /// Takes the next outcome.
  mutating func take() -> Answer {
    if let failure { return .failed(failure) }
    if let element = slots[taken % size] {
      slots[taken % size] = nil
      taken += 1
      return .element(element)
    }
    guard isComplete else { return .wait }
    return ending.map { .failed($0) } ?? .end
  }

  /// Ends everything at once: what has not been taken is not given any more.
  mutating func fail(_ error: any Error) {
    isClosed = true
    if failure == nil { failure = error }
  }

  /// Nothing is taken any more, so nothing more starts.
  mutating func close() { isClosed = true }

  /// All inputs were read and everything that was started has ended; what went wrong with the inputs comes last.
  mutating func complete(_ error: (any Error)? = nil) {
    isClosed = true
    ending = error
    isComplete = true
  }
}
