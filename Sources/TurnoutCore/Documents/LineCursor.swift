/// A place in a line, which knows what column it is in: tabs go on to the next multiple of four.
struct LineCursor {
  private let bytes: [UInt8]
  private let end: Int
  private(set) var position: Int
  private var column = 0
  /// Columns of a tab of which only a part was taken.
  private var pending = 0

  init(_ bytes: [UInt8], _ line: DocumentLine) {
    self.bytes = bytes
    position = line.start
    end = line.end
  }

  /// The columns of white space from here on.
  var indent: Int {
    var (width, column) = (pending, column)
    for byte in bytes[position..<end] {
      guard let step = Self.width(byte, column) else { break }
      width += step
      column += step
    }
    return width
  }

  /// What follows the white space.
  var rest: ArraySlice<UInt8> { bytes[position..<end].drop(while: ASCII.isBlank) }

  var isBlank: Bool { rest.isEmpty }

  /// Goes over so many columns of white space, or as many as there are.
  mutating func skip(columns: Int) {
    var left = columns
    while left > 0 {
      if pending > 0 {
        let taken = min(pending, left)
        pending -= taken
        left -= taken
        continue
      }
      guard position < end, let width = Self.width(bytes[position], column) else { return }
      position += 1
      column += width
      pending = width
    }
  }

  /// Goes over bytes that are no white space.
  mutating func skip(bytes count: Int) {
    position = min(end, position + count)
    column += count
  }

  private static func width(_ byte: UInt8, _ column: Int) -> Int? {
    switch byte {
    case ASCII.space: 1
    case ASCII.tab: 4 - column % 4
    default: nil
    }
  }
}
