/// When two answers say the same: the form in which a vote compares them.
///
/// ```swift
/// CanonicalAnswer.key(of: "  Paris. ")   // paris
/// CanonicalAnswer.key(of: 42.0)          // 42
/// CanonicalAnswer.key(of: ["b": "Yes!", "a": 1])   // {"a":1,"b":"yes"}
/// ```
/// Texts lose white space around them, the case of their letters and the punctuation at their end; white space inside
/// counts as one space. A text that is nothing but a decimal number is that number, and 42 is 42.0; one with a leading
/// zero, as codes have it, stays a text. Objects are compared member by member whatever their order, and a member that
/// is null is one that is not there.
public enum CanonicalAnswer {
  /// The form that is compared; nil for null and for a text of nothing, which are no answer.
  public static func key(of value: Value) -> String? {
    switch canonical(value) {
    case .null: nil
    case .string(let text): text.isEmpty ? nil : text
    case let other: other.json()
    }
  }

  private static let endings: Set<Character> = [
    ".", "!", "?", ",", ";", ":", "…", "。", "！", "？", "，", "；", "：", "、", "．",
  ]

  private static func canonical(_ value: Value) -> Value {
    switch value {
    case .string(let text): Self.text(text)
    case .double(let number): Int(exactly: number).map { .int($0) } ?? value
    case .array(let elements): .array(elements.map(canonical))
    case .object(let object):
      .object(
        ValueObject(
          object.filter { !$0.value.isNull }.sorted { $0.key < $1.key }.map { ($0.key, canonical($0.value)) }))
    default: value
    }
  }

  private static func text(_ text: String) -> Value {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let last = words.lastIndex { !endings.contains($0) && !$0.isWhitespace }
    // What is nothing but punctuation says just that.
    let body = last.map { String(words[...$0]) } ?? words
    // Upper case first: it makes one of letters that have several lower cases or none of their own.
    return number(body) ?? .string(body.uppercased().lowercased())
  }

  /// A decimal number as it is written, without exponent and separators; nil for every other text.
  private static func number(_ text: String) -> Value? {
    let isNegative = text.hasPrefix("-")
    let parts = text.dropFirst(isNegative ? 1 : 0).split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first,
      parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
      whole.count == 1 || !whole.hasPrefix("0")
    else { return nil }
    var fraction = parts.count > 1 ? parts[1] : ""
    while fraction.hasSuffix("0") { fraction.removeLast() }
    let sign = isNegative ? "-" : ""
    if fraction.isEmpty { return Int(sign + whole).map { .int($0) } ?? .string(sign + whole) }
    let digits = "\(sign)\(whole).\(fraction)"
    // More digits than a number holds would make one of two that differ.
    return whole.count + fraction.count <= 15 ? Double(digits).map { .double($0) } : .string(digits)
  }
}
