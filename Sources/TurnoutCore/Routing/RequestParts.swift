/// Cuts a text into parts that may be requests of their own.
///
/// Cuts are made after sentences (`.` `?` `!` `;` `。` `？` `！` `；` and line ends) and before conjunctions at the border
/// of a clause, such as `, and` or `，另外`. A part with fewer than three words, or four letters of a script without
/// spaces, is joined to its neighbour. The parts together are the whole text.
///
/// ```swift
/// RequestParts.of("My screen is broken. What does a new phone cost?")
/// // ["My screen is broken. ", "What does a new phone cost?"]
/// ```
public enum RequestParts {
  /// How many parts there are at most; the last one holds the rest of the text.
  public static let most = 5

  /// The parts of a text, in order; one for a text without cuts, none for an empty text.
  public static func of(_ text: String) -> [Substring] {
    var parts: [Substring] = []
    var start = text.startIndex
    var end = start
    var size = TextSize()
    for cut in cuts(in: text) where parts.count < most - 1 {
      // Measured piece by piece, so that a text of nothing but full stops is not read again and again.
      size.add(text[end..<cut])
      end = cut
      // Too little to be a request is left to grow into the next part.
      guard size.isRequest else { continue }
      parts.append(text[start..<cut])
      start = cut
      size = TextSize()
    }
    guard start < text.endIndex else { return parts }
    if let last = parts.last, !TextSize(text[start...]).isRequest {
      parts[parts.count - 1] = text[last.startIndex...]
    } else {
      parts.append(text[start...])
    }
    return parts
  }

  private static func cuts(in text: String) -> [String.Index] {
    var cuts: [String.Index] = []
    var index = text.startIndex
    // The word before a full stop, and whether a conjunction would be at the border of a clause.
    var word = text.startIndex
    var isBorder = false
    while index < text.endIndex {
      let character = text[index]
      var next = text.index(after: index)
      if ends(sentence: character, from: word, at: index, in: text) {
        while next < text.endIndex, text[next].isWhitespace || closing.contains(text[next]) {
          text.formIndex(after: &next)
        }
        cuts.append(next)
        isBorder = false
      } else if character == " " || commas.contains(character) {
        if begins(Self.english, at: index, in: text) { cuts.append(index) }
        isBorder = true
      } else {
        if isBorder, begins(Self.chinese, at: index, in: text) { cuts.append(index) }
        isBorder = false
      }
      if !character.isLetter { word = next }
      index = next
    }
    return cuts
  }

  private static let commas: Set<Character> = [",", "，", "、"]
  private static let closing: Set<Character> = ["\"", "'", ")", "”", "’", "」", "』", "）", ".", "?", "!", "。", "？", "！"]
  private static let abbreviations: Set<String> = [
    "dr", "mr", "mrs", "ms", "st", "vs", "nr", "no", "etc", "inc", "ltd", "co", "approx", "eg", "ie",
  ]

  private static func ends(
    sentence character: Character, from word: String.Index, at index: String.Index, in text: String
  ) -> Bool {
    switch character {
    case "。", "？", "！", "；": return true
    case ".", "?", "!", ";":
      // Numbers, addresses and file names go on without a space.
      let next = text.index(after: index)
      guard next == text.endIndex || !text[next].isASCII || text[next].isWhitespace || closing.contains(text[next])
      else { return false }
      let before = text[word..<index]
      return character != "." || before.count > 6 || !isAbbreviation(before.lowercased())
    default: return character.isNewline
    }
  }

  private static func isAbbreviation(_ word: String) -> Bool { word.count == 1 || abbreviations.contains(word) }

  private static let english = [
    ", and ", ", also ", ", then ", ", plus ", ", but also ", " and also ", " and then ", " as well as ", " plus ",
  ].map { Array($0.utf8) }

  private static let chinese = [
    "另外", "还有", "以及", "并且", "顺便", "同时", "此外", "而且", "还想", "也想", "還有", "並且", "順便", "同時", "還想",
  ].map { Array($0.utf8) }

  private static func begins(_ words: [[UInt8]], at index: String.Index, in text: String) -> Bool {
    words.contains { word in
      var place = index
      for byte in word {
        guard place < text.utf8.endIndex else { return false }
        let own = text.utf8[place]
        guard own == byte || (0x41...0x5A).contains(own) && own | 0x20 == byte else { return false }
        text.utf8.formIndex(after: &place)
      }
      return true
    }
  }
}
