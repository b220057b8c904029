import Testing
import TurnoutCore
import TurnoutProviders

@Suite struct ServerSentEventsTests {
  /// The data of every event in the pieces.
  private func events(_ pieces: [[UInt8]], limit: Int = 1 << 20) throws -> [String] {
    var parser = ServerSentEvents(limit: limit)
    var found: [String] = []
    for piece in pieces { try parser.feed(piece) { found.append(String(decoding: $0, as: UTF8.self)) } }
    return found
  }

  private func events(_ text: String) throws -> [String] { try events([Array(text.utf8)]) }

  @Test(arguments: ["\n", "\r", "\r\n"]) func `Every line ending ends a line`(ending: String) throws {
    let text = ["data: one", "", "data: two", "data: more", "", ""].joined(separator: ending)
    #expect(try events(text) == ["one", "two\nmore"])
  }

  @Test func `Line endings may be mixed`() throws {
    #expect(try events("data: a\r\n\rdata: b\r\rdata: c\n\r\ndata: d\n\n") == ["a", "b", "c", "d"])
  }

  @Test(arguments: ["\n", "\r", "\r\n"]) func `A split at any byte changes nothing`(ending: String) throws {
    let text = [": hi", "event: x", "data: 你好 🚆", "data: é", "id: 1", "", "", "data:x", "", ""].joined(
      separator: ending)
    let bytes = Array(text.utf8)
    for split in 0...bytes.count {
      #expect(try events([Array(bytes[..<split]), Array(bytes[split...])]) == ["你好 🚆\né", "x"], "split at \(split)")
    }
  }

  @Test func `Bytes that come one by one make the same events`() throws {
    let bytes = Array("data: é\r\n\r\ndata: 2\r\r: c\n\ndata\n\n".utf8)
    #expect(try events(bytes.map { [$0] }) == ["é", "2", ""])
  }

  @Test func `A CRLF split between its two bytes is one line ending`() throws {
    #expect(
      try events([Array("data: a\r".utf8), Array("\ndata: b\r".utf8), Array("\n\r".utf8), Array("\n".utf8)]) == ["a\nb"]
    )
  }

  @Test func `An empty piece between CR and LF changes nothing`() throws {
    #expect(try events([Array("data: a\r".utf8), [], Array("\ndata: b\n\n".utf8)]) == ["a\nb"])
  }

  @Test func `Comments and other fields are passed over`() throws {
    #expect(
      try events(": keep-alive\n\nevent: ping\nid: 3\nretry: 10\ndatabase: no\nDATA: no\ndata: yes\n\n") == ["yes"])
  }

  @Test func `One space after the colon is not data, a second one is`() throws {
    #expect(try events("data:a\n\ndata: b\n\ndata:  c\n\ndata: d \n\n") == ["a", "b", " c", "d "])
  }

  @Test func `An event without data is none, one with empty data is one`() throws {
    #expect(try events("event: x\n\n\n\ndata\n\ndata:\n\ndata: \n\n") == ["", "", ""])
  }

  @Test func `Several data lines are joined by line feeds`() throws {
    #expect(try events("data: {\ndata: \"a\": 1\ndata: }\n\n") == ["{\n\"a\": 1\n}"])
    #expect(try events("data\ndata\n\n") == ["\n"])
  }

  @Test func `An event that is not ended does not come`() throws {
    #expect(try events("data: a\n\ndata: b\n") == ["a"])
  }

  @Test func `A byte order mark at the beginning is passed over`() throws {
    let bytes = Array("\u{FEFF}data: a\n\ndata: b\n\n".utf8)
    for split in 0...5 { #expect(try events([Array(bytes[..<split]), Array(bytes[split...])]) == ["a", "b"]) }
  }

  @Test func `Bytes that are no UTF-8 are handed on as they are`() throws {
    var parser = ServerSentEvents()
    var found: [[UInt8]] = []
    try parser.feed(Array("data: ".utf8) + [0xFF, 0xC3, 0x0A, 0x0A]) { found.append(Array($0)) }
    #expect(found == [[0xFF, 0xC3]])
  }

  @Test func `An event up to the limit comes, a longer one is an error`() throws {
    let fits = Array("data: 0123456789\n\n".utf8)
    #expect(try events([fits], limit: 16) == ["0123456789"])
    #expect(throws: ServerSentEvents.TooLong.self) { try events(fits.map { [$0] }, limit: 9) }
    #expect(throws: ServerSentEvents.TooLong.self) { try events([fits], limit: 9) }
  }

  @Test func `The limit holds for a line without an end and for many short lines`() throws {
    #expect(throws: ServerSentEvents.TooLong.self) {
      try events([[UInt8]](repeating: [0x61], count: 200), limit: 100)
    }
    #expect(throws: ServerSentEvents.TooLong.self) {
      try events([[UInt8]](repeating: Array("data: x\n".utf8), count: 200), limit: 100)
    }
  }

  @Test func `The limit counts one event, not the stream`() throws {
    let event = Array("data: 0123456789\n\n".utf8)
    #expect(try events([[UInt8]](repeating: event, count: 100), limit: 20).count == 100)
  }

  @Test func `What the closure throws comes out`() {
    struct Stop: Error {}
    var parser = ServerSentEvents()
    #expect(throws: Stop.self) { try parser.feed(Array("data: a\n\n".utf8)) { _ in throw Stop() } }
  }

  @Test(arguments: 1...40) func `Random events come out however they are written and split`(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let letters = ["a", " ", ":", "é", "世", "🚆", "{", "\\", "\u{0}", "data"]
    var expected: [String] = []
    var text = ""
    for _ in 0..<random.int(1...6) {
      let lines = (0..<random.int(1...3)).map { _ in
        (0..<random.int(0...6)).map { _ in letters[random.int(0...letters.count - 1)] }.joined()
      }
      expected.append(lines.joined(separator: "\n"))
      for line in lines {
        if random.int(0...3) == 0 { text += ": noise" + ["\n", "\r\n", "\r"][random.int(0...2)] }
        text += "data: " + line + ["\n", "\r\n", "\r"][random.int(0...2)]
      }
      // An empty line after a bare CR must not begin with LF, which would belong to the CR.
      text += text.hasSuffix("\r") ? "\r" : ["\n", "\r\n", "\r"][random.int(0...2)]
    }
    let bytes = Array(text.utf8)
    var pieces: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + random.int(0...7))
      pieces.append(Array(bytes[start..<end]))
      start = end
    }
    #expect(try events(pieces) == expected)
  }
}
