import TurnoutCore
import Yams

/// What a scalar means by the core schema of YAML 1.2: `no` and `12:30` are texts, and no number is too long to read.
extension Node.Scalar {
  /// The value of a plain scalar; everything in quotes and every block is a text.
  var value: Value {
    guard style == .plain else { return .string(string) }
    if ["", "~", "null", "Null", "NULL"].contains(string) { return .null }
    if let flag { return .bool(flag) }
    if let wholeNumber { return .int(wholeNumber) }
    if let number { return .double(number) }
    return .string(string)
  }

  /// A truth value.
  var flag: Bool? {
    switch string {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  /// A whole number, also in hexadecimal or octal digits; nil for one that does not fit.
  var wholeNumber: Int? {
    for (prefix, radix) in [("0x", 16), ("0o", 8)] where string.hasPrefix(prefix) {
      let digits = string.dropFirst(2)
      return digits.first?.isHexDigit == true ? Int(digits, radix: radix) : nil
    }
    return Int(string)
  }

  /// A finite number.
  var number: Double? {
    if let wholeNumber { return Double(wholeNumber) }
    guard string.utf8.contains(where: { (0x30...0x39).contains($0) }),
      string.allSatisfy({ "0123456789+-.eE".contains($0) })
    else { return nil }
    return Double(string).flatMap { $0.isFinite ? $0 : nil }
  }
}
