/// The files on the way from the first one to the one being read, and how many were read in all.
struct UsedFiles {
  /// A file that is used twice counts twice, since its steps are there twice: a few lines could ask for millions.
  static let limit = 1_000

  private final class Counter {
    var count = 0
  }

  private let counter = Counter()
  /// The full paths, the first file first.
  private(set) var parents: [String] = []

  /// Whether another file can be read.
  var hasRoom: Bool { counter.count < Self.limit }

  /// The same, in a file used by the last one.
  func entering(_ path: String) -> UsedFiles {
    counter.count += 1
    var inner = self
    inner.parents.append(path)
    return inner
  }
}
