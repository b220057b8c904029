/// Cuts bytes that arrive in pieces into lines, and holds no more of a line than it may have.
struct LineSplitter {
  enum Line {
    /// The line without its line feed.
    case bytes(UnsafeRawBufferPointer)
    /// A line that is longer than allowed.
    case tooLong
  }

  private let limit: Int
  private var pending: [UInt8] = []
  private var isTooLong = false
  private var number = 0

  init(limit: Int) { self.limit = limit }

  mutating func feed(_ bytes: UnsafeRawBufferPointer, _ take: (Line, Int) -> Void) {
    var start = bytes.startIndex
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      hold(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      start = end + 1
      give(take)
    }
    hold(UnsafeRawBufferPointer(rebasing: bytes[start...]))
  }

  /// Gives the last line, when it has no line feed.
  mutating func finish(_ take: (Line, Int) -> Void) {
    if isTooLong || !pending.isEmpty { give(take) }
  }

  /// Whether what has come of the line is the beginning of a text, or begins with it.
  func isBeginning(of text: String) -> Bool { !isTooLong && zip(pending, text.utf8).allSatisfy { $0 == $1 } }

  private mutating func hold(_ bytes: UnsafeRawBufferPointer) {
    guard !isTooLong, pending.count + bytes.count <= limit else {
      isTooLong = true
      return pending.removeAll()
    }
    pending.append(contentsOf: bytes)
  }

  private mutating func give(_ take: (Line, Int) -> Void) {
    number += 1
    if isTooLong { take(.tooLong, number) } else { pending.withUnsafeBytes { take(.bytes($0), number) } }
    pending.removeAll(keepingCapacity: true)
    isTooLong = false
  }
}
