extension String {
  /// The text itself where it is a word (ASCII letters, digits, `_`, `-` and `.`, at most 64 of them), else `other`:
  /// what stands in labels is never a sentence, whatever an error or a selector calls itself.
  var labelWord: String {
    let bytes = utf8
    guard !bytes.isEmpty, bytes.count <= 64, bytes.allSatisfy(Self.isWordByte) else { return "other" }
    return self
  }

  /// The beginning of the text, on one line.
  func bounded(to limit: Int = 128) -> String {
    String(prefix(limit).map { $0.isNewline ? " " : $0 })
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }
}

extension Duration {
  /// In milliseconds, to the microsecond.
  var inMilliseconds: Double {
    let (seconds, attoseconds) = components
    return (Double(seconds) * 1e6 + Double(attoseconds) / 1e12).rounded() / 1e3
  }

  /// In nanoseconds; 0 for less, the largest number for more than fits.
  var inNanoseconds: Int64 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return .max }
    let (sum, overflows) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflows ? .max : sum
  }
}
