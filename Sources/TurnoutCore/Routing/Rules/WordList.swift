/// Words and phrases that are looked for together.
struct WordList: Sendable, Hashable {
  private struct Word: Hashable {
    let original: String
    let bytes: [UInt8]
    /// Whether the first and the last letter must be at the border of a word.
    let bordersStart: Bool
    let bordersEnd: Bool
  }

  /// The words by their first byte, in the order of their declaration.
  private let words: [UInt8: [Word]]
  private let starts: [Bool]
  private let isAtStart: Bool

  /// A list of words.
  /// - Parameter isAtStart: whether they count only where a text begins.
  init(_ originals: [String], atStart isAtStart: Bool = false) {
    var words: [UInt8: [Word]] = [:]
    var starts = [Bool](repeating: false, count: 256)
    for original in originals {
      let folded = FoldedText(original).text.unicodeScalars
      guard let first = folded.first, let last = folded.last else { continue }
      let bytes = Array(String(folded).utf8)
      words[bytes[0], default: []].append(
        Word(
          original: original, bytes: bytes, bordersStart: first.continuesWord, bordersEnd: last.continuesWord))
      starts[Int(bytes[0])] = true
    }
    self.words = words
    self.starts = starts
    self.isAtStart = isAtStart
  }

  /// The word, as it was declared, that occurs first in a text; the first declared where several begin.
  func first(in folded: FoldedText) -> String? {
    let text = folded.text
    return text.utf8.withContiguousStorageIfAvailable { find(in: $0, of: text) } ?? nil
  }

  private func find(in bytes: UnsafeBufferPointer<UInt8>, of text: String) -> String? {
    for start in bytes.indices.prefix(isAtStart ? 1 : bytes.count) where starts[Int(bytes[start])] {
      for word in words[bytes[start]] ?? [] where occurs(word, at: start, in: bytes, of: text) {
        return word.original
      }
    }
    return nil
  }

  private func occurs(_ word: Word, at start: Int, in bytes: UnsafeBufferPointer<UInt8>, of text: String) -> Bool {
    let end = start + word.bytes.count
    guard end <= bytes.count else { return false }
    for offset in word.bytes.indices where bytes[start + offset] != word.bytes[offset] { return false }
    let scalars = text.unicodeScalars
    if start > 0, word.bordersStart {
      let place = scalars.index(before: text.utf8.index(text.startIndex, offsetBy: start))
      if scalars[place].continuesWord { return false }
    }
    guard end < bytes.count else { return true }
    let next = scalars[text.utf8.index(text.startIndex, offsetBy: end)]
    // An accent after the last letter makes it another letter, in any script.
    return !(next.continuesWord && word.bordersEnd) && next.properties.canonicalCombiningClass == .notReordered
  }
}
