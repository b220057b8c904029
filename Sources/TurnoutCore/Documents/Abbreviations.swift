/// Words with a full stop after which a sentence goes on.
enum Abbreviations {
  /// Always.
  private static let within: Set<String> = [
    "dr", "mr", "mrs", "ms", "mx", "prof", "st", "rev", "hon", "gen", "col", "capt", "lt", "sgt", "gov", "sen", "rep",
    "pres", "mt", "mme", "mlle", "hr", "fr", "e.g", "i.e", "eg", "ie", "cf", "vs", "viz", "approx", "resp", "incl",
    "excl", "esp", "z.b", "d.h", "u.a", "bzw", "ca", "vgl", "bspw", "ggf", "sog", "p.ej", "p.ex",
  ]
  /// Before a number.
  private static let beforeNumbers: Set<String> = [
    "no", "nos", "nr", "fig", "figs", "eq", "eqs", "sec", "ch", "chap", "vol", "p", "pp", "art", "tab", "abb", "bd",
    "ed",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
  ]
  /// Before a small letter.
  private static let beforeSmall: Set<String> = [
    "etc", "al", "inc", "ltd", "co", "corp", "jr", "sr", "a.m", "p.m", "ph.d", "usw", "dept", "est", "tel", "max",
    "min",
  ]

  /// Whether the sentence goes on after a word, its full stop and white space.
  /// - Parameter next: the first letter or sign after the white space; nil at the end of the text.
  static func goesOn(after word: Substring, before next: Unicode.Scalar?) -> Bool {
    guard let next, word.utf8.count <= 12 else { return false }
    let lower = word.lowercased()
    if within.contains(lower) { return true }
    if beforeNumbers.contains(lower) { return next.properties.numericType != nil }
    if beforeSmall.contains(lower) { return next.properties.isLowercase }
    return isInitials(word, before: next)
  }

  /// Single letters, each with its full stop: `J. R. R. Tolkien`, `U.S. Army`. The word `I` ends a sentence.
  private static func isInitials(_ word: Substring, before next: Unicode.Scalar) -> Bool {
    let letters = word.split(separator: ".")
    guard !letters.isEmpty, word != "I", letters.allSatisfy({ $0.count == 1 && $0.first?.isLetter == true }) else {
      return false
    }
    return letters.allSatisfy { $0.first?.isUppercase == true } || next.properties.isLowercase
  }
}
