import Testing
import TurnoutCore

@Suite struct JSONReadingTests {
  @Test(
    arguments: [
      ("null", .null), ("true", true), ("false", false), (" \t\r\n 1 \n", 1), ("\"\"", ""), ("[]", []), ("{}", [:]),
      ("[ ]", []), ("{ }", [:]), ("[1,[2,[3]]]", [1, [2, [3]]]), ("[null,true,\"a\"]", [nil, true, "a"]),
      (#"{"a":{"b":[{}]}}"#, ["a": ["b": [[:]]]]), (#"{ "a" : 1 , "b" : 2 }"#, ["a": 1, "b": 2]),
      (#"{"":0}"#, ["": 0]),
    ] as [(String, Value)])
  func readsValues(text: String, value: Value) throws {
    #expect(try Value(json: text) == value)
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("-1", -1), ("9223372036854775807", .int(.max)), ("-9223372036854775808", .int(.min)),
      ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("-9223372036854775809", .double(-0x1p63)),
      ("3.0", .double(3)), ("1e2", .double(100)), ("1E+2", .double(100)), ("25e-1", .double(2.5)), ("0.5", 0.5),
      ("1e-400", .double(0)), ("1.7976931348623157e308", .double(.greatestFiniteMagnitude)),
      ("100000000000000000000000000000", .double(1e29)),
    ] as [(String, Value)])
  func readsNumbers(text: String, value: Value) throws {
    #expect(try Value(json: text) == value)
  }

  @Test(arguments: [
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0041\u00e9\u4E2d""#, "Aé中"),
    (#""\ud83d\ude00""#, "😀"), (#""\uD834\uDD1E!""#, "𝄞!"), (#""a\u0000b""#, "a\u{0}b"), ("\"中文 😀\"", "中文 😀"),
    ("\"\u{7F}\"", "\u{7F}"),
    // Half of a pair stands for nothing; what follows it is kept.
    (#""\ud83d""#, "\u{FFFD}"), (#""\ude00x""#, "\u{FFFD}x"), (#""\ud83d\n""#, "\u{FFFD}\n"),
    (#""\ud83d\u0041""#, "\u{FFFD}A"), (#""\ud83d\ud83d\ude00""#, "\u{FFFD}😀"),
  ])
  func readsStrings(text: String, string: String) throws {
    let read = try Value(json: text).string
    #expect(read.map { Array($0.utf8) } == Array(string.utf8))
  }

  @Test func readsBytesAndTextAlike() throws {
    let text = #"{"name": "Aurora", "prices": [499, 5.5]}"#
    let value: Value = ["name": "Aurora", "prices": [499, 5.5]]
    #expect(try Value(json: Array(text.utf8)) == value)
    #expect(try Array(text.utf8).withUnsafeBytes { try Value(json: $0) } == value)
  }

  @Test func keepsTheOrderOfMembers() throws {
    #expect(try Value(json: #"{"z":1,"a":2,"m":3}"#).object?.keys == ["z", "a", "m"])
  }

  @Test func keysMayBeEscaped() throws {
    #expect(try Value(json: #"{"\u0061":1}"#)["a"] == 1)
    #expect(throws: JSONError.self) { try Value(json: #"{"a":1,"\u0061":2}"#) }
  }

  @Test func nestsAsDeepAsItMay() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(throws: Never.self) { try Value(json: nested(128)) }
    let tooDeep = #expect(throws: JSONError.self) { try Value(json: nested(129)) }
    #expect(tooDeep?.message == "nested too deeply")
    #expect(tooDeep?.offset == 128)
    #expect(try Value(json: "1", depth: 0) == 1)
    #expect(throws: JSONError.self) { try Value(json: "{}", depth: 0) }
    // Depth is the depth, not the number of brackets.
    #expect(throws: Never.self) { try Value(json: "[[],[],{},[[]]]", depth: 3) }
  }
}
