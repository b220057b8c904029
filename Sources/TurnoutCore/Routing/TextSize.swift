/// How much a text says: words, and letters of scripts that are written without spaces.
struct TextSize {
  private(set) var words = 0
  private(set) var letters = 0

  init() {}

  init(_ text: some StringProtocol) { add(text) }

  /// Adds a text that begins with a new word.
  mutating func add(_ text: some StringProtocol) {
    var isInWord = false
    for scalar in text.unicodeScalars {
      if TextScript.isSpaceless(scalar) {
        letters += 1
        isInWord = false
      } else if scalar.continuesWord {
        if !isInWord { words += 1 }
        isInWord = true
      } else if scalar != "'", scalar != "\u{2019}" {
        isInWord = false
      }
    }
  }

  /// Whether it is enough to be a request: three words, or four letters of a script without spaces.
  var isRequest: Bool { 4 * words + 3 * letters >= 12 }
}
