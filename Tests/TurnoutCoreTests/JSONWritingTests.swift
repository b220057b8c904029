import Testing
import TurnoutCore

@Suite struct JSONWritingTests {
  @Test(
    arguments: [
      (.null, "null"), (true, "true"), (-5, "-5"), (.int(.min), "-9223372036854775808"), (.double(3), "3"),
      (.double(2.5), "2.5"), (.double(-0.0), "0"), (.double(.infinity), "null"), (.double(-.infinity), "null"),
      (.double(.nan), "null"), (.double(1e300), "1e+300"), (.double(9_007_199_254_740_991), "9007199254740991"),
      ("a\"b\\c/d", #""a\"b\\c/d""#), ("\u{0}\u{8}\u{C}\u{1F}\n\r\t", #""\u0000\u0008\u000c\u001f\n\r\t""#),
      ("é中😀\u{7F}", "\"é中😀\u{7F}\""), ([], "[]"), ([:], "{}"), ([1, [2, []], [:]], "[1,[2,[]],{}]"),
      (["b": 1, "a": [true]], #"{"b":1,"a":[true]}"#), (["a\"": 1], #"{"a\"":1}"#),
    ] as [(Value, String)])
  func writesCompactly(value: Value, text: String) {
    #expect(value.json() == text)
  }

  /// The least integer has no absolute value: asking for it would end the program.
  @Test(arguments: [-0x1p63, 0x1p63, -0x1p53, 0x1p53, -0x1p53 - 2, .leastNonzeroMagnitude, -.greatestFiniteMagnitude])
  func writesEveryFiniteDouble(number: Double) throws {
    #expect(try Value(json: Value.double(number).json()).double == number)
  }

  @Test func writesLinesForPeople() {
    let value: Value = ["name": "Aurora", "prices": [499, [:]], "none": [], "nested": ["a": nil]]
    #expect(
      value.json(pretty: true) == """
        {
          "name": "Aurora",
          "prices": [
            499,
            {}
          ],
          "none": [],
          "nested": {
            "a": null
          }
        }
        """)
  }

  @Test func writesWithoutATree() {
    var writer = JSONWriter()
    writer.object {
      $0.member("model", text: "small")
      $0.key("messages")
      $0.array { array in
        for index in 0..<2 { array.object { $0.member("index", .int(index)) } }
        array.array { _ in }
        array.text("end")
      }
      $0.member("stream", true)
    }
    #expect(
      String(decoding: writer.bytes, as: UTF8.self)
        == #"{"model":"small","messages":[{"index":0},{"index":1},[],"end"],"stream":true}"#)
  }

  @Test func textsOfEveryLengthComeBack() throws {
    for length in 0...70 {
      let plain = String(repeating: "a", count: length)
      #expect(Value.string(plain).json() == "\"\(plain)\"")
      for special in ["\"", "\\", "\n", "\u{1}", "é", "界", "🧭"] {
        for place in Set([0, length / 2, max(0, length - 1), length]) {
          var text = plain
          text.insert(contentsOf: special, at: text.index(text.startIndex, offsetBy: place))
          let written = Value.object([text: .string(text)]).json()
          #expect(try Value(json: written) == .object([text: .string(text)]), "\(written)")
        }
      }
    }
  }

  @Test func whatAClosureThrowsPassesThrough() {
    var writer = JSONWriter(reservingCapacity: 0)
    #expect(throws: Broken.self) { try writer.array { _ in throw Broken() } }
  }

  @Test func textIsTheStringOrTheJSON() {
    #expect(Value("as it is").text == "as it is")
    #expect(Value.array([1, "a"]).text == #"[1,"a"]"#)
  }
}
