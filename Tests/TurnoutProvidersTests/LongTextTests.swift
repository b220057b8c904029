import Testing
import TurnoutCore

/// Plain text is read and written several bytes at a time; what is special is found wherever it stands.
@Suite struct LongTextTests {
  private static let specials = ["\"", "\\", "\n", "\u{1}", "\u{1F}", " ", "!", "#", "[", "]", "\u{7F}", "é", "世", "🚆"]

  @Test(arguments: specials) func `A special character is read and written at any place`(special: String) throws {
    for before in 0...18 {
      for after in 0...9 {
        let text = String(repeating: "a", count: before) + special + String(repeating: "z", count: after)
        let json = Value.string(text).json()
        #expect(try Value(json: json) == .string(text), "\(before) before, \(after) after")
        #expect(try Value(json: #"{"\#(json.dropFirst().dropLast())":1}"#).object?.keys == [text])
      }
    }
  }

  @Test func `Characters on either side of the special ones are plain`() {
    for byte in UInt8(0x20)...0x7F where byte != 0x22 && byte != 0x5C {
      let text = String(repeating: String(UnicodeScalar(byte)), count: 17)
      #expect(Value.string(text).json() == "\"\(text)\"")
    }
  }

  @Test(arguments: 0...17) func `A control character in a text is an error wherever it stands`(place: Int) {
    let text = String(repeating: "a", count: place) + "\n" + String(repeating: "a", count: 17 - place)
    #expect(throws: JSONError.self) { try Value(json: "\"\(text)\"") }
    #expect(throws: JSONError.self) { try JSONScanner.scan(Array("\"\(text)\"".utf8)) { try $0.skip() } }
  }

  @Test(arguments: 0...17) func `Bytes that are no UTF-8 are an error wherever they stand`(place: Int) {
    var bytes = [UInt8](repeating: 0x61, count: 18)
    bytes[place] = 0xC3
    #expect(throws: JSONError.self) { try Value(json: [0x22] + bytes + [0x22]) }
  }

  @Test func `Several escapes in a long text are read in order`() throws {
    let json = #""0123456789\n0123456789\"0123456789\\\\0123456789\u4e16\ud83d\ude860123456789\/""#
    let text = "0123456789\n0123456789\"0123456789\\\\0123456789世🚆0123456789/"
    #expect(try Value(json: json) == .string(text))
  }
}

extension JSONScanner {
  fileprivate static func scan(_ bytes: [UInt8], _ body: (inout JSONScanner) throws -> Void) throws {
    try bytes.withUnsafeBytes { try scan($0, body) }
  }
}
