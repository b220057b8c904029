extension Document {
  /// The last blocks and sentences before a place that are not longer than a limit, and where not even a sentence is so
  /// short, the last words; without white space at the end.
  func tail(before place: Int, _ limit: Int, _ size: (String) -> Int) -> String {
    guard limit > 0, place > 0 else { return "" }
    var (start, left) = (place, limit)
    for block in blocks[..<firstBlock(from: place)].reversed() {
      let text = text(block.start..<min(block.end, place))
      let length = size(start == place ? String(text.trimmedAtEnd) : text)
      if length <= left {
        start = block.start
        left -= length
        continue
      }
      guard block.kind == .paragraph else { break }
      for parts in [Sentences.of(text), Words.of(text[...])] {
        for part in parts.reversed() {
          let length = size(String(start == place ? part.trimmedAtEnd : part))
          guard length <= left else { break }
          start -= part.utf8.count
          left -= length
        }
        if start < place { break }
      }
      break
    }
    return String(self.text(start..<place).trimmedAtEnd)
  }

  /// The number of blocks that begin before a place.
  private func firstBlock(from place: Int) -> Int {
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      if blocks[middle].start < place { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The number of line ends in a part.
  func lines(in range: Range<Int>) -> Int {
    bytes[range].indices.count { index in
      bytes[index] == ASCII.newline
        || bytes[index] == ASCII.return && (index + 1 >= bytes.count || bytes[index + 1] != ASCII.newline)
    }
  }
}
