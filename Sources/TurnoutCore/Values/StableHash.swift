/// A hash that is the same in every process and on every machine (FNV-1a, 64 bits), for names of files and fingerprints;
/// not for secrets.
package struct StableHash: Sendable {
  /// The hash of what was added so far.
  package private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  /// The hash of nothing.
  package init() {}

  /// The hash of bytes.
  package init(_ bytes: some Sequence<UInt8>) { add(bytes) }

  /// Adds bytes; where one piece ends and the next begins leaves no trace.
  package mutating func add(_ bytes: some Sequence<UInt8>) { for byte in bytes { add(UInt64(byte)) } }

  /// Adds a mark that no byte can be mistaken for, to keep pieces apart.
  package mutating func addBorder() { add(0x100) }

  private mutating func add(_ number: UInt64) { value = (value ^ number) &* 0x100_0000_01b3 }
}
