/// What reading and writing JSON share: long runs of plain text are what most of it is.
enum JSONText {
  /// The place of the first byte that may mean something else than itself inside a string: a quote, a backslash or a
  /// control character, or one of the last seven bytes. Eight bytes at a time.
  static func plainEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let (ones, highest): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
    var position = start
    while position + 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      let (quotes, slashes) = (word ^ 0x2222_2222_2222_2222, word ^ 0x5C5C_5C5C_5C5C_5C5C)
      // A byte below what is subtracted borrows from above, which sets its highest bit.
      let found =
        ((quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes | (word &- 0x2020_2020_2020_2020) & ~word) & highest
      if found != 0 { return position + found.trailingZeroBitCount / 8 }
      position += 8
    }
    return position
  }

  /// A text out of its UTF-8 bytes; nil when they are none.
  static func string(_ bytes: UnsafeRawBufferPointer) -> String? {
    // ASCII is valid as it is, and the usual case.
    isASCII(bytes) ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
  }

  private static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var position = 0
    while position + 8 <= bytes.count {
      if bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { return false }
      position += 8
    }
    while position < bytes.count {
      if bytes[position] >= 0x80 { return false }
      position += 1
    }
    return true
  }
}
