import Testing
import TurnoutCore

/// Random texts and values, the same in every run.
@Suite struct JSONFuzzTests {
  @Test func randomBytesNeverCrash() {
    var random = SplitMix64(seed: 1)
    let likely = Array(#"{}[]",:\u0aD8-+.eE tfn"#.utf8)
    for _ in 0..<5_000 {
      let bytes = (0..<random.int(0...40)).map { _ in
        random.chance(80) ? random.pick(likely) : UInt8(random.int(0...255))
      }
      do { _ = try Value(json: bytes) } catch let error as JSONError {
        #expect((0...bytes.count).contains(error.offset), "\(bytes)")
      } catch { Issue.record("another error for \(bytes): \(error)") }
      do { try bytes.withUnsafeBytes { try JSONScanner.scan($0) { try $0.skip() } } } catch let error as JSONError {
        #expect((0...bytes.count).contains(error.offset), "\(bytes)")
      } catch { Issue.record("another error for \(bytes): \(error)") }
    }
  }

  @Test func damagedTextsNeverCrash() {
    var random = SplitMix64(seed: 2)
    for _ in 0..<1_000 {
      var bytes = Array(Value.random(using: &random, depth: 3).json().utf8)
      for _ in 0..<random.int(1...3) where !bytes.isEmpty {
        let position = random.int(0...bytes.count - 1)
        if random.chance(50) { bytes.remove(at: position) } else { bytes[position] = UInt8(random.int(0...255)) }
      }
      if let value = try? Value(json: bytes) { #expect(throws: Never.self) { try Value(json: value.json()) } }
    }
  }

  @Test func randomValuesComeBack() throws {
    var random = SplitMix64(seed: 3)
    for _ in 0..<1_000 {
      let value = Value.random(using: &random, depth: 4)
      let compact = value.json()
      #expect(try Value(json: compact) == value)
      #expect(try Value(json: value.json(pretty: true)) == value)
      // Equality ignores the order of members; the text does not.
      #expect(try Value(json: value.json(pretty: true)).json() == compact)
    }
  }

  @Test func equalValuesHaveEqualHashes() throws {
    var random = SplitMix64(seed: 4)
    for _ in 0..<500 {
      let value = Value.random(using: &random, depth: 3)
      let shuffled = value.shuffled(using: &random)
      #expect(value == shuffled)
      #expect(value.hashValue == shuffled.hashValue)
    }
  }

  @Test func everyDoubleComesBack() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<5_000 {
      let number = Double(bitPattern: random.next())
      let read = try Value(json: Value.double(number).json())
      if number.isFinite { #expect(read.double == number) } else { #expect(read == .null) }
    }
  }
}

extension Value {
  static func random(using random: inout SplitMix64, depth: Int) -> Value {
    switch random.int(0...(depth > 0 ? 8 : 5)) {
    case 0: return .null
    case 1: return .bool(random.chance(50))
    case 2: return .int(random.chance(50) ? random.int(-9...9) : Int(truncatingIfNeeded: random.next()))
    // Whole doubles are written as integers, so only fractions come back as what they were.
    case 3: return .double(Double(random.int(-1_000...1_000)) + 0.25)
    case 4, 5: return .string(randomText(using: &random))
    case 6:
      var elements: [Value] = []
      for _ in 0..<random.int(0...5) { elements.append(.random(using: &random, depth: depth - 1)) }
      return .array(elements)
    default:
      var object = ValueObject()
      for index in 0..<random.int(0...20) {
        object["\(random.pick(["a", "key ", "\"", "\\", "中", "😀"]))\(index)"] = .random(
          using: &random, depth: depth - 1)
      }
      return .object(object)
    }
  }

  private static func randomText(using random: inout SplitMix64) -> String {
    let pieces = [
      "a", "B", " ", "\"", "\\", "/", "\n", "\r\n", "\t", "\u{0}", "\u{1F}", "\u{7F}", "é", "中", "😀", "e\u{301}",
    ]
    return (0..<random.int(0...12)).map { _ in random.pick(pieces) }.joined()
  }

  func shuffled(using random: inout SplitMix64) -> Value {
    switch self {
    case .array(let elements):
      var shuffled: [Value] = []
      for element in elements { shuffled.append(element.shuffled(using: &random)) }
      return .array(shuffled)
    case .object(let object):
      var members: [(String, Value)] = []
      for (key, value) in object { members.append((key, value.shuffled(using: &random))) }
      return .object(ValueObject(members.shuffled(using: &random)))
    default: return self
    }
  }
}
