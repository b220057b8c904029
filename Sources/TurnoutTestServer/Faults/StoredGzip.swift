/// Gzip without compression (RFC 1952 around the stored blocks of RFC 1951): every reader of gzip reads it, and no
/// library is needed to write it.
enum StoredGzip {
  static func bytes(_ content: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
      let end = min(start + 0xFFFF, content.count)
      let (length, isLast) = (UInt16(end - start), end == content.count)
      result += [isLast ? 1 : 0] + little(length) + little(~length) + content[start..<end]
      start = end
    } while start < content.count
    return result + little(checksum(content)) + little(UInt32(truncatingIfNeeded: content.count))
  }

  private static func little(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  /// CRC-32 (ISO 3309), bit by bit.
  static func checksum(_ content: [UInt8]) -> UInt32 {
    var checksum = UInt32.max
    for byte in content {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum & 1 == 1 ? (checksum >> 1) ^ 0xEDB8_8320 : checksum >> 1 }
    }
    return ~checksum
  }
}

/// Base64 (RFC 4648), for vectors that a client wants in that form.
enum Base64 {
  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func text(floats: [Double]) -> String {
    text(floats.flatMap { number in withUnsafeBytes(of: Float(number).bitPattern.littleEndian) { Array($0) } })
  }

  static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for place in 0..<4 {
        text.append(place <= group.count ? letters[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}
