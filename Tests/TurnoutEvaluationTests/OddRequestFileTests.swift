import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct OddRequestFileTests {
  func read(_ text: String) throws -> LabelledRequests { try LabelledRequests(Array(text.utf8), name: "f") }

  func complaint(_ text: String) throws -> String {
    try #require(throws: LabelledRequestsError.self) { try read(text) }.description
  }

  @Test func linesMayEndAsInOtherSystems() throws {
    let lines = [#"{"input":"a","route":"x"}"#, #"{"input":"b\r\n","route":null}"#]
    let expected = [LabelledRequest("a", route: "x", line: 1), LabelledRequest("b\r\n", route: nil, line: 2)]
    for mark in ["", "\u{FEFF}"] {
      for end in ["\n", "\r\n", " \t\n"] {
        #expect(try read(mark + lines.joined(separator: end)).requests == expected)
        #expect(try read(mark + lines.joined(separator: end) + end + end).requests == expected)
      }
    }
  }

  @Test func aMarkIsSkippedOnlyAtTheBeginning() throws {
    let line = #"{"input":"a","route":null}"#
    #expect(try complaint("\u{FEFF}").hasPrefix("f:1: there are no requests"))
    #expect(try complaint("\u{FEFF}\r\n" + line) == "f:1: the line is empty")
    #expect(try complaint("\u{FEFF}\u{FEFF}" + line).hasPrefix("f:1: not valid JSON"))
    #expect(try complaint("\(line)\n\u{FEFF}{}").hasPrefix("f:2: not valid JSON"))
    #expect(try read("{\"input\":\"\u{FEFF}a\",\"route\":null}").requests.first?.input == "\u{FEFF}a")
  }

  @Test(arguments: [
    (#"\u0041\u00e9"#, "Aé"), (#"\ud83d\ude00"#, "😀"), (#"\"\\\/"#, #""\/"#), (#"\b\f\n\r\tx"#, "\u{8}\u{C}\n\r\tx"),
    (#"\u0000x"#, "\u{0}x"), ("\u{2028}x\u{85}", "\u{2028}x\u{85}"), ("\u{7F}x", "\u{7F}x"),
    (#"\ude00x\ud83d"#, "\u{FFFD}x\u{FFFD}"),
  ]) func escapedLettersAreRead(written: String, expected: String) throws {
    let labelled = try read(#"{"input":"\#(written)","route":"\#(written)"}"#)
    #expect(labelled.requests == [LabelledRequest(expected, route: expected, line: 1)])
  }

  @Test(arguments: [#"\x41"#, #"\u12"#, "\t", "\u{0}"])
  func whatIsNoTextInJSONHasItsLine(written: String) throws {
    let good = #"{"input":"a","route":null}"# + "\r\n"
    #expect(try complaint(good + #"{"input":"\#(written)","route":null}"#).hasPrefix("f:2: not valid JSON"))
  }

  @Test func aLineOfExactlyTheLimitIsRead() throws {
    let frame = #"{"input":"","route":null}"#
    let text = String(repeating: "é", count: ((1 << 20) - frame.utf8.count) / 2) + "x"
    let line = #"{"input":"\#(text)","route":null}"#
    #expect(line.utf8.count == 1 << 20)
    #expect(try read(line + "\n" + frame.replacing("\"\"", with: "\"b\"")).requests.map(\.line) == [1, 2])
    #expect(try read(line).requests.first?.input == text)
    #expect(try complaint(line + "\r\n") == "f:1: the line is longer than 1 MiB")
    #expect(try complaint("\u{FEFF}" + line) == "f:1: the line is longer than 1 MiB")
  }

  @Test func aNameCannotBreakAMessage() throws {
    let name = #"x\n\u001b[31m\u202e"# + String(repeating: "y", count: 500)
    let line = #"{"input":"a","route":"\#(name)"}"#
    let unknown = try #require(throws: LabelledRequestsError.self) {
      try LabelledRequests(Array(line.utf8), name: "f", routes: ["sales"])
    }
    let conflict = try complaint("\(line)\n\(#"{"input":"a","route":null}"#)")
    for message in [unknown.description, conflict] {
      #expect(message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" } && message.count < 250)
    }
    #expect(
      conflict.hasPrefix(#"f:2: the same request is "x  [31m yyy"#) && conflict.hasSuffix("in line 1 and null here"))
  }

  @Test(arguments: 0..<6) func aFileIsReadLikeItsBytesWhereverItIsCut(seed: Int) async throws {
    var random = SplitMix64(seed: seed)
    // Lines about as long as the pieces in which a file is read.
    let lines = (0..<8).map { number in
      let text = String(repeating: random.element(["a", "é", "请", "😀"]), count: random.int(1...40_000))
      return #"{"input":"\#(number)\#(text)","route":null}"#
    }
    let text = lines.joined(separator: random.chance(50) ? "\r\n" : "\n")
    let expected = try read(text)
    #expect(expected.requests.count == 8)
    try await withPath { path in
      try write(text, to: path)
      #expect(try LabelledRequests(contentsOf: path) == expected, "seed \(seed)")
    }
  }
}
