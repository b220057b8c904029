import Testing
import Turnout

@Suite("@Generable types read what they write")
struct RoundTripTests {
  @Test("through values and through JSON text", arguments: 0..<200)
  func roundTrip(seed: Int) throws {
    var random = Seeded(seed: UInt64(seed))
    let report = random.report()
    try expectRoundTrip(report)
    try expectRoundTrip(random.action())
    try expectRoundTrip(Page(items: random.many(1...4) { $0.action() }, next: random.maybe { $0.int(-9...9) }))
  }

  private func expectRoundTrip<T: Generable & Equatable>(_ original: T) throws {
    let value = original.value
    let read = try T(value)
    #expect(read == original)
    #expect(read.value == value)
    #expect(try T(Value(json: value.json())) == original)
  }

  @Test("removing any one required member is noticed, in every report", arguments: 0..<50)
  func removal(seed: Int) throws {
    var random = Seeded(seed: UInt64(seed))
    let object = try #require(random.report().value.object)
    for key in object.keys where key != "note" {
      var broken = object
      broken[key] = nil
      #expect(throws: SchemaViolation(at: .root.appending(key), "is missing")) { try Report(.object(broken)) }
    }
  }
}

/// Random values that depend on nothing but the seed.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    // SplitMix64.
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  mutating func int(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }

  mutating func many<T>(_ range: ClosedRange<Int>, _ make: (inout Seeded) -> T) -> [T] {
    let count = int(range)
    return (0..<count).map { _ in make(&self) }
  }

  mutating func maybe<T>(_ make: (inout Seeded) -> T) -> T? {
    Bool.random(using: &self) ? make(&self) : nil
  }

  mutating func text(_ length: ClosedRange<Int>) -> String {
    let letters = Array("aZ9 \"\\\n\t/é售🚄\u{1F468}\u{200D}\u{1F469}")
    return String(many(length) { letters[$0.int(0...letters.count - 1)] })
  }

  mutating func impact() -> Impact {
    Impact(
      effects: many(0...4) { $0.text(1...6) }, severity: int(0...10), stars: maybe { $0.int(1...5) },
      channel: Bool.random(using: &self) ? "mail" : "phone")
  }

  mutating func report() -> Report {
    Report(
      title: text(1...12), groups: many(1...3) { $0.impact() }, confidence: .random(in: 0...1, using: &self),
      level: Level.allCases.randomElement(using: &self) ?? .low, note: maybe { $0.text(0...9) },
      isPublic: .random(using: &self))
  }

  mutating func action() -> Action {
    switch int(0...3) {
    case 0: .search(query: text(0...9), limit: maybe { $0.int(-5...5) })
    case 1: .answer(text(0...9))
    case 2:
      .move(
        many(0...3) { Direction.allCases.randomElement(using: &$0) ?? .left }, .random(in: -1e9...1e9, using: &self))
    default: .stop
    }
  }
}
