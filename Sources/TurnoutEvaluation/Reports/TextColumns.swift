/// Aligns texts in columns of a terminal.
package enum TextColumns {
  /// The columns that a text takes: two for East Asian wide characters and those drawn as pictures, none for marks that
  /// join the one before.
  package static func width(_ text: some StringProtocol) -> Int { text.unicodeScalars.reduce(0) { $0 + width($1) } }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0x20..<0x7F: 1
    case 0..<0x20, 0x7F..<0xA0, 0x300..<0x370, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    // Two of these make one flag of two columns.
    case 0x1F1E6...0x1F1FF: 1
    default:
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark: 0
      default: scalar.properties.isEmojiPresentation ? 2 : 1
      }
    }
  }

  /// The longest beginning that fits, with an ellipsis where something is left out.
  static func fit(_ text: String, _ columns: Int) -> String {
    guard width(text) > columns else { return text }
    var used = 1
    var result = ""
    for character in text {
      let width = width(String(character))
      if used + width > columns { break }
      used += width
      result.append(character)
    }
    return columns > 0 ? result + "…" : ""
  }

  package static func left(_ text: String, _ columns: Int) -> String {
    let text = fit(text, columns)
    return text + String(repeating: " ", count: max(0, columns - width(text)))
  }

  package static func right(_ text: String, _ columns: Int) -> String {
    let text = fit(text, columns)
    return String(repeating: " ", count: max(0, columns - width(text))) + text
  }

  /// A share in percent with one decimal; a dash for none.
  static func percent(_ share: Double?) -> String {
    guard let share else { return "–" }
    return "\(decimal(share * 100, 1)) %"
  }

  /// A number with so many decimals.
  static func decimal(_ number: Double, _ places: Int) -> String {
    guard number.isFinite, number.magnitude < 1e12 else { return "–" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let whole = Int((number.magnitude * scale).rounded())
    let sign = number < 0 && whole > 0 ? "-" : ""
    guard places > 0 else { return sign + String(whole) }
    let digits = String(whole)
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
  }

  /// A time: milliseconds below a second, seconds above.
  static func time(_ duration: Duration) -> String {
    let seconds = Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    return seconds < 1 ? "\(decimal(seconds * 1000, 1)) ms" : "\(decimal(seconds, 2)) s"
  }
}
