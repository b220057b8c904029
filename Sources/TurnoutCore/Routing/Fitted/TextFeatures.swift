/// The words of a text and the pairs of neighbouring words, as numbers that are the same in every process.
///
/// A word is a run of letters, marks and digits in lower case; a Chinese or Japanese character or a Korean syllable is
/// one by itself.
package enum TextFeatures {
  /// How often each word and pair occurs, by its hash.
  package static func counts(_ text: String) -> [UInt64: Int] { counts(words(text)) }

  static func counts(_ words: [UInt64]) -> [UInt64: Int] {
    var counts: [UInt64: Int] = [:]
    counts.reserveCapacity(2 * words.count)
    var last: UInt64?
    for word in words {
      counts[word, default: 0] += 1
      // A pair is hashed from its two hashes, in order.
      if let last { counts[(last &* prime) ^ (word &* 0x9E37_79B9_7F4A_7C15), default: 0] += 1 }
      last = word
    }
    return counts
  }

  /// The hashes of the first ``limit`` words, in order.
  static func words(_ text: String) -> [UInt64] {
    var words: [UInt64] = []
    var word = start
    var isInWord = false

    func end() {
      guard isInWord else { return }
      if words.count < limit { words.append(word) }
      word = start
      isInWord = false
    }

    for scalar in text.unicodeScalars {
      if standsAlone(scalar.value) {
        end()
        word = (start ^ UInt64(scalar.value)) &* prime
        isInWord = true
        end()
      } else if isPartOfWord(scalar) {
        isInWord = true
        if scalar.isASCII {
          let lower = scalar.value | (scalar.value >= 0x41 && scalar.value <= 0x5A ? 0x20 : 0)
          word = (word ^ UInt64(lower)) &* prime
        } else {
          for lower in scalar.properties.lowercaseMapping.unicodeScalars {
            word = (word ^ UInt64(lower.value)) &* prime
          }
        }
      } else {
        end()
      }
    }
    end()
    return words
  }

  /// The most words of a text that are read.
  static let limit = 512

  // FNV-1a over scalars.
  private static let start: UInt64 = 0xcbf2_9ce4_8422_2325
  private static let prime: UInt64 = 0x100_0000_01b3

  private static func isPartOfWord(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      let value = scalar.value | 0x20
      return value >= 0x61 && value <= 0x7A || scalar.value >= 0x30 && scalar.value <= 0x39
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
      .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }

  private static func standsAlone(_ value: UInt32) -> Bool {
    switch value {
    case 0x3040...0x30FF, 0x3400...0x9FFF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0x20000...0x3FFFF: true
    default: false
    }
  }
}
