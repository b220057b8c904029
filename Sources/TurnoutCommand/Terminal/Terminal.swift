import Foundation

/// Whether one of the standard streams is a terminal, and text in its colours.
struct Terminal: Sendable {
  let isTerminal: Bool
  private let hasColour: Bool

  static let output = Terminal(descriptor: STDOUT_FILENO)
  static let error = Terminal(descriptor: STDERR_FILENO)

  init(descriptor: Int32) {
    let environment = ProcessInfo.processInfo.environment
    isTerminal = isatty(descriptor) == 1 && environment["TERM"] != "dumb"
    let forced = environment["CLICOLOR_FORCE"].map { $0 != "0" } ?? false
    hasColour = (environment["NO_COLOR"] ?? "").isEmpty && (isTerminal || forced)
  }

  /// The columns, 80 where it is no terminal.
  var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  func bold(_ text: String) -> String { styled("1", text) }
  func dim(_ text: String) -> String { styled("2", text) }
  func red(_ text: String) -> String { styled("31", text) }
  func green(_ text: String) -> String { styled("32", text) }
  func cyan(_ text: String) -> String { styled("36", text) }

  private func styled(_ code: String, _ text: String) -> String { hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

  /// The columns a text takes: two for East Asian wide characters, none for control characters.
  static func columns(_ text: some StringProtocol) -> Int {
    text.unicodeScalars.reduce(0) { $0 + columns($1) }
  }

  /// The longest beginning of a text that fits into so many columns, without control characters.
  static func fit(_ text: some StringProtocol, _ width: Int) -> String {
    var used = 0
    var result = ""
    for character in text where !character.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    {
      let columns = character.unicodeScalars.reduce(0) { $0 + Self.columns($1) }
      if used + columns > width { break }
      used += columns
      result.append(character)
    }
    return result
  }

  private static func columns(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0xFE00...0xFE0F: 0
    case 0x300..<0x370: 0
    case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
      0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
      2
    default: 1
    }
  }
}
