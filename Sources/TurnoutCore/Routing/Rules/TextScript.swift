/// A script that a text is written in, by blocks of Unicode; rare and historic extensions are left out.
public enum TextScript: String, Sendable, Hashable, CaseIterable {
  case han, latin, cyrillic, arabic, greek, hebrew, kana, hangul, thai, devanagari

  /// The blocks in which its letters are, from Unicode's `Blocks.txt`.
  private var blocks: [ClosedRange<UInt32>] {
    switch self {
    case .han: [0x3005...0x3007, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF]
    case .latin: [0x41...0x5A, 0x61...0x7A, 0xAA...0xAA, 0xBA...0xBA, 0xC0...0x24F, 0x1E00...0x1EFF, 0xFF21...0xFF5A]
    case .cyrillic: [0x400...0x52F, 0x1C80...0x1C8F, 0x2DE0...0x2DFF, 0xA640...0xA69F]
    case .arabic: [0x600...0x6FF, 0x750...0x77F, 0x870...0x8FF, 0xFB50...0xFDFF, 0xFE70...0xFEFC]
    case .greek: [0x370...0x3FF, 0x1F00...0x1FFF]
    case .hebrew: [0x590...0x5FF, 0xFB1D...0xFB4F]
    case .kana: [0x3041...0x30FF, 0x31F0...0x31FF, 0xFF66...0xFF9F, 0x1B000...0x1B16F]
    case .hangul: [0x1100...0x11FF, 0x3131...0x318F, 0xA960...0xA97F, 0xAC00...0xD7FF, 0xFFA0...0xFFDC]
    case .thai: [0xE01...0xE3A, 0xE40...0xE4E]
    case .devanagari: [0x900...0x97F, 0xA8E0...0xA8FF]
    }
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool { blocks.contains { $0.contains(scalar.value) } }

  /// Whether a letter is of a script that is written without spaces between words, or joins particles to them.
  static func isSpaceless(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0xE01 else { return false }
    return han.contains(scalar) || kana.contains(scalar) || hangul.contains(scalar) || thai.contains(scalar)
  }

  /// The share of a text's letters that are of the script; nil when it has no letters.
  func share(of text: String) -> Double? {
    let blocks = blocks
    var letters = 0
    var own = 0
    for scalar in text.unicodeScalars where scalar.properties.isAlphabetic {
      letters += 1
      if blocks.contains(where: { $0.contains(scalar.value) }) { own += 1 }
    }
    return letters == 0 ? nil : Double(own) / Double(letters)
  }
}
