import Testing

@testable import TurnoutCore

@Suite struct PackedNumbersTests {
  /// The test vectors of RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func base64IsThatOfTheStandard(plain: String, packed: String) {
    #expect(PackedNumbers.base64(Array(plain.utf8)) == packed)
    #expect(PackedNumbers.bytes(packed) == Array(plain.utf8))
  }

  @Test func everyLetterIsUsed() {
    let bytes: [UInt8] = [0xFB, 0xFF, 0xBF, 0x00, 0x10, 0x83]
    #expect(PackedNumbers.base64(bytes) == "+/+/ABCD")
    #expect(PackedNumbers.bytes("+/+/ABCD") == bytes)
  }

  @Test func anyBytesComeBack() {
    var random = SplitMix64(seed: 1)
    for count in 0..<100 {
      let bytes = (0..<count).map { _ in UInt8(random.int(0...255)) }
      let text = PackedNumbers.base64(bytes)
      #expect(text.utf8.count == (count + 2) / 3 * 4)
      #expect(PackedNumbers.bytes(text) == bytes)
    }
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zg===", "====", "Z===", "=Zg=", "Zg==Zg==", "Zm 9", "Zm9\n", "Zm9_", "Zm-v", "Zmé",
    "\u{0}\u{0}\u{0}\u{0}", "Zm9v=", "Z=g=",
  ])
  func whatIsNoBase64IsNil(text: String) { #expect(PackedNumbers.bytes(text) == nil) }

  @Test func floatsAreLittleEndian() {
    #expect(PackedNumbers.floats([1]) == "AACAPw==")
    #expect(PackedNumbers.floats("AACAPw==") == [1])
    #expect(PackedNumbers.floats("") == [])
    let numbers: [Float] = [0, -0.5, 3.25e-30, 1.5e30, .leastNonzeroMagnitude, .greatestFiniteMagnitude]
    #expect(PackedNumbers.floats(PackedNumbers.floats(numbers)) == numbers, "bit by bit")
  }

  @Test func floatsThatAreNoNumbersAreRefused() {
    for number in [Float.nan, .infinity, -.infinity] {
      #expect(PackedNumbers.floats(PackedNumbers.floats([1, number])) == nil)
    }
    #expect(PackedNumbers.floats("AACAPwA=") == nil, "five bytes")
  }

  @Test func hashesComeBack() {
    let hashes: [UInt64] = [0, 1, .max, 0x0102_0304_0506_0708]
    let text = PackedNumbers.base64(hashes.flatMap(PackedNumbers.bytes))
    #expect(PackedNumbers.words(text) == hashes)
    #expect(PackedNumbers.words("AACAPw==") == nil)
    #expect(PackedNumbers.bytes(UInt32(0x0102_0304)) == [4, 3, 2, 1])
  }

  @Test func rowsComeBackWithinRounding() throws {
    var random = SplitMix64(seed: 2)
    for columns in [1, 3, 16, 33] {
      let rows = (0..<7).map { row in
        (0..<columns).map { _ in Float(random.int(-1_000_000...1_000_000)) * [1e-12, 1e-3, 1, 1e20][row % 4] }
      }
      let matrix = VectorMatrix(rows)
      let read = try #require(PackedNumbers.matrix(PackedNumbers.matrix(matrix), columns: columns))
      #expect(read.count == 7 && read.dimension == columns)
      for (row, again) in zip(matrix.rows, read.rows) {
        let step = (row.map(abs).max() ?? 0) / 32_767
        #expect(zip(row, again).allSatisfy { abs($0 - $1) <= 0.51 * step })
      }
    }
  }

  @Test func edgesOfRowsDoNotStopIt() throws {
    let rows: [[Float]] = [
      [0, 0], [.leastNonzeroMagnitude, 0], [.leastNonzeroMagnitude * 9_000, -.leastNonzeroMagnitude], [.nan, 1],
      [1, .nan], [.infinity, -1],
      [.greatestFiniteMagnitude, -.greatestFiniteMagnitude],
    ]
    for row in rows { _ = PackedNumbers.matrix(VectorMatrix([row])) }
    let zero = PackedNumbers.matrix(VectorMatrix([[0, 0]]))
    #expect(PackedNumbers.matrix(zero, columns: 2)?.rows == [[0, 0]])
    #expect(PackedNumbers.matrix(PackedNumbers.matrix(VectorMatrix([])), columns: 5)?.count == 0)
  }

  @Test func aMatrixOfAnotherSizeIsNil() {
    let packed = PackedNumbers.matrix(VectorMatrix([[1, 2, 3], [4, 5, 6]]))
    #expect(PackedNumbers.matrix(packed, columns: 3)?.count == 2)
    for columns in [1, 2, 4, 6] { #expect(PackedNumbers.matrix(packed, columns: columns) == nil) }
    #expect(PackedNumbers.matrix(["scales": "AACAPw=="], columns: 1) == nil)
    #expect(PackedNumbers.matrix(["rows": ""], columns: 1) == nil)
    #expect(PackedNumbers.matrix([1, 2], columns: 1) == nil)
  }

  @Test func aScaleThatMakesNumbersEndlessIsNil() {
    let scales = PackedNumbers.floats([.greatestFiniteMagnitude])
    let packed: Value = ["scales": .string(scales), "rows": .string(PackedNumbers.base64([0xFF, 0x7F]))]
    #expect(PackedNumbers.matrix(packed, columns: 1) == nil)
  }
}
