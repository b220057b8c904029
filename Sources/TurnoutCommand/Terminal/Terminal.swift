import Foundation
import TurnoutEvaluation

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

  /// The rows, 24 where it is no terminal.
  var height: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 else { return 24 }
    return Int(size.ws_row)
  }

  func bold(_ text: String) -> String { styled("1", text) }
  func dim(_ text: String) -> String { styled("2", text) }
  func red(_ text: String) -> String { styled("31", text) }
  func green(_ text: String) -> String { styled("32", text) }
  func cyan(_ text: String) -> String { styled("36", text) }

  private func styled(_ code: String, _ text: String) -> String { hasColour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text }

  /// A text without its colours.
  static func plain(_ text: String) -> String { text.replacing(/\u{1B}\[[0-9]+m/, with: "") }

  /// The longest beginning of a text that fits into so many columns, without control characters.
  static func fit(_ text: some StringProtocol, _ width: Int) -> String {
    var used = 0
    var result = ""
    for character in text where !character.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    {
      let columns = TextColumns.width(String(character))
      if used + columns > width { break }
      used += columns
      result.append(character)
    }
    return result
  }
}
