import Testing
import TurnoutCore

@Suite struct JSONErrorTests {
  @Test(arguments: [
    ("", "the text ends too early", 0), ("  ", "the text ends too early", 2), ("[", "the text ends too early", 1),
    ("[1,", "the text ends too early", 3), ("{\"a\":", "the text ends too early", 5),
    ("1 2", "text after the end", 2), ("{}{}", "text after the end", 2), ("nullx", "text after the end", 4),
    ("01", "text after the end", 1), ("0x10", "text after the end", 1), ("1.5.5", "text after the end", 3),
    ("x", "a value was expected", 0), ("nul", "a value was expected", 0), ("True", "a value was expected", 0),
    ("'a'", "a value was expected", 0), ("+1", "a value was expected", 0), (".5", "a value was expected", 0),
    ("NaN", "a value was expected", 0), ("\u{FEFF}1", "a value was expected", 0), ("[1,]", "a value was expected", 3),
    ("[,1]", "a value was expected", 1), ("// a\n1", "a value was expected", 0),
    ("[1 2]", "',' or ']' was expected", 3), ("[1", "',' or ']' was expected", 2),
    ("[1}", "',' or ']' was expected", 2),
    ("{\"a\":1 \"b\":2}", "',' or '}' was expected", 7), ("{\"a\":1", "',' or '}' was expected", 6),
    ("{\"a\" 1}", "':' was expected", 5), ("{\"a\"", "':' was expected", 4),
    ("{a:1}", "a key in quotes was expected", 1), ("{\"a\":1,}", "a key in quotes was expected", 7),
    ("{1:1}", "a key in quotes was expected", 1), ("{\"a\":1,\"a\":2}", "a key occurs twice", 10),
    ("-", "a digit was expected", 1), ("-x", "a digit was expected", 1), ("1.", "a digit was expected", 2),
    ("1e", "a digit was expected", 2), ("1e+", "a digit was expected", 3), ("[1.]", "a digit was expected", 3),
    ("1e400", "a number is out of range", 5), ("-1e400", "a number is out of range", 6),
    ("\"abc", "a string does not end", 4), ("\"abc\\", "a string does not end", 5),
    ("\"a\\\"", "a string does not end", 4), ("\"a\nb\"", "a control character in a string", 2),
    ("\"\\t\u{1}\"", "a control character in a string", 3), ("\"\\x\"", "an unknown escape", 3),
    ("\"\\u12\"", "four hexadecimal digits were expected", 3),
    ("\"\\u12G4\"", "four hexadecimal digits were expected", 3),
    ("\"\\ud83d\\u12", "four hexadecimal digits were expected", 9),
  ])
  func saysWhatAndWhere(text: String, message: String, offset: Int) {
    let error = #expect(throws: JSONError.self) { try Value(json: text) }
    #expect(error?.message == message)
    #expect(error?.offset == offset)
    #expect(error?.description == "not valid JSON: \(message) at byte \(offset)")
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xE4, 0xB8, 0x22],
    ] as [[UInt8]])
  func refusesInvalidUTF8(bytes: [UInt8]) {
    let error = #expect(throws: JSONError.self) { try Value(json: bytes) }
    #expect(error?.message == "invalid UTF-8")
    #expect(error?.offset == bytes.count - 1)
  }

  @Test func neverQuotesTheText() {
    let error = #expect(throws: JSONError.self) { try Value(json: #"{"password": hunter2}"#) }
    #expect(error?.description.contains("hunter2") == false)
  }
}
