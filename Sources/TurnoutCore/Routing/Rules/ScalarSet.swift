/// The characters that an element of a pattern may match, a little too many rather than too few.
struct ScalarSet: Equatable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  /// What is outside ASCII, by kind: letters and digits, white space, anything else.
  private var other: UInt8 = 0

  static let empty = ScalarSet()
  static let all = ScalarSet(low: .max, high: .max, other: 7)
  static let digits = ScalarSet(ranges: [0x30...0x39], other: 1)
  static let letters = ScalarSet(ranges: [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A], other: 1)
  static let spaces = ScalarSet(ranges: [0x09...0x0D, 0x20...0x20], other: 2)

  private init(low: UInt64 = 0, high: UInt64 = 0, other: UInt8 = 0) {
    self.low = low
    self.high = high
    self.other = other
  }

  private init(ranges: [ClosedRange<UInt8>], other: UInt8) {
    for range in ranges { for value in range { insert(ascii: value) } }
    self.other = other
  }

  /// One character in both cases, since flags may make them the same.
  init(_ scalar: Unicode.Scalar) { self.init(from: scalar, through: scalar) }

  /// A range of characters in both cases.
  init(from first: Unicode.Scalar, through last: Unicode.Scalar) {
    if first.value < 0x80, first.value <= last.value {
      for value in first.value...min(last.value, 0x7F) {
        let byte = UInt8(value)
        insert(ascii: byte)
        if (0x41...0x5A).contains(byte & 0xDF) { insert(ascii: byte ^ 0x20) }
      }
    }
    if last.value >= 0x80 { other = first == last ? Self.kind(of: last) : 7 }
  }

  /// Whether a character may be in both.
  func overlaps(_ set: ScalarSet) -> Bool { low & set.low | high & set.high != 0 || other & set.other != 0 }

  func union(_ set: ScalarSet) -> ScalarSet {
    ScalarSet(low: low | set.low, high: high | set.high, other: other | set.other)
  }

  /// All other characters; kinds outside ASCII stay, unless all of a kind is meant.
  func inverted(isWhole: Bool) -> ScalarSet {
    ScalarSet(low: ~low, high: ~high, other: isWhole ? 7 & ~other : 7)
  }

  private mutating func insert(ascii: UInt8) {
    if ascii < 64 { low |= 1 << ascii } else { high |= 1 << (ascii - 64) }
  }

  private static func kind(of scalar: Unicode.Scalar) -> UInt8 {
    if scalar.properties.isWhitespace { return 2 }
    return scalar.properties.isAlphabetic || scalar.properties.numericType != nil ? 1 : 4
  }
}
