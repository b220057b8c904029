/// The last line of what a program said that has anything in it, fit for an error message.
func lastLine(of text: String) -> String? {
  text.split(whereSeparator: \.isNewline)
    .map { bounded(String($0)) }
    .last { !$0.isEmpty }
}

/// `text` on one line of at most 300 characters, without anything that moves a terminal's cursor.
func bounded(_ text: String, to limit: Int = 300) -> String {
  var clean = String.UnicodeScalarView()
  // A character may be made of any number of scalars, so those are bounded as well.
  for scalar in text.unicodeScalars.prefix(limit * 8) {
    clean.append(scalar.properties.generalCategory == .control ? " " : scalar)
  }
  let trimmed = String(clean).drop { $0 == " " }
  guard trimmed.count > limit else {
    return String(trimmed.reversed().drop { $0 == " " }.reversed())
  }
  return trimmed.prefix(limit - 1) + "…"
}
