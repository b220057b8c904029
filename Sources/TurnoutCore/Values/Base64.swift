extension Sequence<UInt8> {
  /// The bytes as text (RFC 4648, section 4), with padding.
  package var base64: String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var result: [UInt8] = []
    result.reserveCapacity((underestimatedCount + 2) / 3 * 4)
    var bits: UInt32 = 0
    var count = 0
    func flush() {
      for place in 0..<4 {
        let shift = UInt32(18 - 6 * place)
        result.append(place <= count ? letters[Int((bits >> shift) & 63)] : UInt8(ascii: "="))
      }
    }
    for byte in self {
      bits |= UInt32(byte) << UInt32(16 - 8 * count)
      count += 1
      if count == 3 {
        flush()
        (bits, count) = (0, 0)
      }
    }
    if count > 0 { flush() }
    return String(decoding: result, as: UTF8.self)
  }
}
