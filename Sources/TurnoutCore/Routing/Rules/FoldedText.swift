/// A text as words are looked for in it: in small letters of normal width, with single spaces.
struct FoldedText: Hashable {
  let text: String

  init(_ original: some StringProtocol) {
    var folded = ""
    folded.reserveCapacity(original.utf8.count)
    var endsInSpace = true
    // Characters, not scalars, so that a letter with an accent is spelled one way however it was typed.
    for character in original {
      if character.isWhitespace {
        if !endsInSpace { folded.append(" ") }
        endsInSpace = true
      } else {
        Self.append(character, to: &folded)
        endsInSpace = false
      }
    }
    if endsInSpace, !folded.isEmpty { folded.removeLast() }
    text = folded
  }

  /// Letters with accents in one scalar, found by any spelling of theirs: Latin, Greek, Cyrillic and kana.
  private static let composed: [Character: Character] = {
    let blocks: [ClosedRange<UInt32>] = [0xC0...0x24F, 0x386...0x4FF, 0x3041...0x30FF, 0x1E00...0x1FFF]
    let letters = blocks.joined().compactMap(Unicode.Scalar.init).map(Character.init)
    return Dictionary(letters.map { ($0, $0) }) { first, _ in first }
  }()

  private static func append(_ character: Character, to folded: inout String) {
    if let ascii = character.asciiValue {
      folded.unicodeScalars.append(Unicode.Scalar((0x41...0x5A).contains(ascii) ? ascii | 0x20 : ascii))
      return
    }
    let scalars = character.unicodeScalars
    let spelling = scalars.count > 1 ? composed[character].map { String($0).unicodeScalars } : nil
    for scalar in spelling ?? scalars {
      switch scalar.value {
      case 0xFF01...0xFF5E:
        let narrow = Unicode.Scalar(UInt8(scalar.value - 0xFEE0))
        folded += narrow.properties.lowercaseMapping
      case 0x2019: folded += "'"
      case 0x3C2: folded += "\u{3C3}"
      default: folded += scalar.properties.lowercaseMapping
      }
    }
  }
}

extension Unicode.Scalar {
  /// Whether a word goes on through it: letters, digits and accents, in scripts with spaces between words.
  var continuesWord: Bool {
    if isASCII { return (0x61...0x7A).contains(value | 0x20) || (0x30...0x39).contains(value) }
    if TextScript.isSpaceless(self) { return false }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber: return true
    default: return properties.isAlphabetic
    }
  }
}
