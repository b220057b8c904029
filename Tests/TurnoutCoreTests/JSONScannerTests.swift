import Testing
import TurnoutCore

@Suite struct JSONScannerTests {
  private func scan<R>(_ text: String, _ body: (inout JSONScanner) throws -> R) throws -> R {
    try Array(text.utf8).withUnsafeBytes { try JSONScanner.scan($0, body) }
  }

  @Test func readsOneFieldAndSkipsTheRest() throws {
    let text = #"{"id":[{"text":"no"}],"n":{"a":[1,"\"}"]},"text":"yes","tail":1e3}"#
    var found: String?
    try scan(text) { scanner in
      try scanner.members { scanner, key in
        if key == "text" { found = try scanner.string() } else { try scanner.skip() }
      }
    }
    #expect(found == "yes")
  }

  @Test func readsElementsAndNumbers() throws {
    var numbers: [Int?] = []
    try scan(#"[1, 2.0, 2.5, "3", null, -4, true, [5]]"#) { scanner in
      try scanner.elements { numbers.append(try $0.int()) }
    }
    #expect(numbers == [1, 2, nil, nil, nil, -4, nil, nil])
  }

  @Test func countsAreReadLikeEveryOtherNumber() throws {
    let ends = ["0", "9", "999999999", "1000000000", "9223372036854775807", "1.0", "1.5", "12e1", "12E1", "-7", "10.0"]
    var generator = SplitMix64(seed: 11)
    let random = (0..<500).map { _ in
      String(Int.random(in: 0...Int.max, using: &generator) >> Int.random(in: 0..<63, using: &generator))
    }
    for text in ends + random {
      for (before, after) in [("", ""), (" ", " "), ("[", "]")] {
        let read = try scan(before + text + after) { scanner in
          guard before == "[" else { return try scanner.int() }
          var number: Int?
          try scanner.elements { number = try $0.int() }
          return number
        }
        #expect(read == (try Value(json: text).int), "\(before)\(text)\(after)")
      }
    }
  }

  @Test(arguments: ["01", "007", "1.", "1e", "12x", "-", "--1"])
  func whatIsNoNumberIsNoCount(text: String) {
    #expect(throws: JSONError.self) { try scan(text) { try $0.int() } }
  }

  @Test func nullIsNothing() throws {
    var visits = 0
    try scan("null") {
      try $0.members { scanner, _ in
        visits += 1; try scanner.skip()
      }
    }
    try scan("null") {
      try $0.elements {
        visits += 1; try $0.skip()
      }
    }
    #expect(visits == 0)
    #expect(try scan("null") { try $0.string() } == nil)
  }

  @Test func anotherKindIsSkippedWhereATextIsWanted() throws {
    #expect(try scan("[1,{}]") { try $0.string() } == nil)
    #expect(try scan(#""a\tb""#) { try $0.string() } == "a\tb")
  }

  @Test func keysAreComparedWhole() throws {
    var keys: [String] = []
    try scan(#"{"te":1,"text":2,"texts":3,"te\u0078t":4}"#) { scanner in
      try scanner.members { scanner, key in
        if key == "text" { keys.append("text") } else if key == "te" { keys.append("te") }
        try scanner.skip()
      }
    }
    #expect(keys == ["te", "text"])
  }

  @Test func anObjectIsNoArray() {
    #expect(throws: JSONError.self) { try scan("{}") { try $0.elements { try $0.skip() } } }
    #expect(throws: JSONError.self) { try scan("[]") { try $0.members { scanner, _ in try scanner.skip() } } }
    #expect(throws: JSONError.self) { try scan("1") { try $0.elements { try $0.skip() } } }
  }

  @Test(arguments: ["", "[", "[1", #"{"a"#, #"{"a\"#, #"{"a":"#, #"{"a":"b"#, #""\"#, "[1]x", "[[[[\"\u{1}\"]]]]"])
  func whatIsSkippedMustStillEnd(text: String) {
    let error = #expect(throws: JSONError.self) { try scan(text) { try $0.skip() } }
    #expect((0...text.utf8.count).contains(error?.offset ?? -1))
  }

  @Test func skippingIsLimitedInDepth() {
    let text = String(repeating: #"{"a":"#, count: 200)
    let error = #expect(throws: JSONError.self) { try scan(text) { try $0.skip() } }
    #expect(error?.message == "nested too deeply")
  }

  @Test func everythingMustBeRead() {
    let error = #expect(throws: JSONError.self) { try scan("[1] [2]") { try $0.elements { try $0.skip() } } }
    #expect(error?.message == "text after the end")
  }
}
