/// Texts in HTML: nothing that a text contains becomes markup.
enum HTMLText {
  /// The text with the five letters of markup escaped, and without what would turn or break the line.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar.isControl ? " " : scalar)
      }
    }
    return result
  }

  /// The text as an element of its own direction.
  static func isolated(_ text: String) -> String { "<bdi>\(escaped(text))</bdi>" }

  /// Who was decided for or expected; none is set apart from a route of that name.
  static func route(_ name: String?) -> String { name.map(isolated) ?? "<em>none</em>" }

  /// A share with its interval.
  static func share(_ proportion: Proportion) -> String {
    guard let interval = proportion.interval else { return "–" }
    let low = TextColumns.decimal(interval.lowerBound * 100, 1)
    let high = TextColumns.decimal(interval.upperBound * 100, 1)
    return "\(TextColumns.percent(proportion.share)) <small>\(low)–\(high)</small>"
  }

  /// A cell that is sorted by a number.
  static func number(_ text: String, _ sort: Double?) -> String {
    "<td data-sort=\"\(sort.map { "\($0)" } ?? "")\">\(text)</td>"
  }
}
