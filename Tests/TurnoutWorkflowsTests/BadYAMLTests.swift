import Foundation
import Testing
import TurnoutCore

@testable import TurnoutWorkflows

/// What is not YAML, or more of it than a workflow can need.
@Suite struct BadYAMLTests {
  @Test(arguments: [
    BadFile(
      "a tab", "turnout: 1\nrun:\n\ttext: a\n", "3:1: not valid YAML: found character that cannot start any token"),
    BadFile(
      "an open bracket", "turnout: 1\nrun: { chain: [a, }\n", "2:19: not valid YAML: did not find expected node content"
    ),
    BadFile("an open quote", "turnout: 1\nname: \"abc\n", "3:1: not valid YAML: found unexpected end of stream"),
    BadFile(
      "a column too few", "turnout: 1\nrun:\n    text: a\n  name: b\n", "4:3: not valid YAML: did not find expected key"
    ),
    BadFile(
      "a colon in a text", "turnout: 1\nname: a: b\n",
      "2:8: not valid YAML: mapping values are not allowed in this context"),
    BadFile("an alias of nothing", "turnout: 1\nrun: *no\n", "2:6: not valid YAML: found undefined alias"),
    BadFile("two documents", "turnout: 1\n---\nturnout: 1\n", "2:1: not valid YAML: but found another document"),
    BadFile(
      "a control character", "turnout: 1\nname: 价\u{1}b\n", "2:8: not valid YAML: control characters are not allowed"),
    BadFile("a NUL", "turnout: 1\nname: a\0b\n", "2:8: not valid YAML: control characters are not allowed"),
    BadFile("an empty file", "", "1:1: the file is empty; `turnout init` writes one to start from"),
    BadFile("only a comment", "# later\n", "1:1: the file is empty; `turnout init` writes one to start from"),
    BadFile(
      "a key twice", "turnout: 1\nrun:\n  text: a\n  # b\n  text: b\n", "5:3: the key \"text\" stands here twice"),
    BadFile(
      "a quoted key twice", "turnout: 1\nname: a\r\n\"name\": b\nrun: { text: a }\n",
      "3:1: the key \"name\" stands here twice"),
    BadFile(
      "a key twice, with others like it", "turnout: 1\nrun:\n  texts: 1\n  text: \"\n    text: a\"\n  text: b\n",
      "6:3: the key \"text\" stands here twice"),
    BadFile(
      "a key twice in braces", "turnout: 1\nrun: { text: a, text: b }\n", "2:8: the key \"text\" stands here twice"),
    BadFile("a list as a key", "turnout: 1\n? [a, b]\n: c\nrun: { text: a }\n", "2:3: a key must be a text"),
    BadFile(
      "an alias as a key", "turnout: 1\nname: &n a\nrun: { *n : b }\n",
      "3:8: a key must be a text, neither an alias nor a collection"),
  ])
  func notYAML(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test("bytes that are no UTF-8 are told with their place") func encoding() throws {
    let folder = try Folder()
    try folder.write("flow.yaml", Data("turnout: 1\nname: 价格 ".utf8) + [0xC3, 0x28])
    #expect(folder.complaints() == ["flow.yaml:2:10: the file is not valid UTF-8"])
    try folder.write("flow.yaml", Data([0xFF, 0xFE, 0x74, 0x00]))
    #expect(folder.complaints() == ["flow.yaml:1:1: the file is not valid UTF-8"])
  }

  @Test("a byte order mark is no mistake") func byteOrderMark() throws {
    #expect(try complaints("\u{FEFF}turnout: 1\nrun: { text: a }\n") == [])
  }

  @Test("a file that is too large is not read") func size() throws {
    let comment = String(repeating: "# x\n", count: 5 << 18)
    #expect(comment.utf8.count == 5 << 20)
    #expect(try complaints("turnout: 1\nrun: { text: a }\n" + comment) == ["1:1: the file is larger than 4 MiB"])
  }

  @Test("a file of nearly 4 MiB is read") func nearlyTooLarge() throws {
    let comment = String(repeating: "# x\n", count: (4 << 18) - 100)
    #expect(try complaints("turnout: 1\nrun: { text: a }\n" + comment) == [])
  }

  @Test("aliases of aliases of aliases") func aliases() throws {
    let lists = (1...12).map {
      "l\($0): &l\($0) [" + Array(repeating: "*l\($0 - 1)", count: 9).joined(separator: ", ") + "]\n"
    }
    let text = "turnout: 1\nl0: &l0 [x, x]\n" + lists.joined()
    let limit = "the file has more than 200000 nodes, aliases included, or is nested too deeply"
    #expect(try complaints(text + "run: *l12\n").map { $0.drop { $0 != " " }.dropFirst() } == [limit[...]])
    // As keys they would have to be compared, which takes as long as there are nodes.
    let key = "a key must be a text, neither an alias nor a collection"
    #expect(try complaints(text + "run:\n  ? *l12\n  : 1\n  ? *l11\n  : 2\n") == ["16:3: \(key)"])
    #expect(try complaints(text + "run: {? *l12 : 1, ? *l11 : 2}\n") == ["15:7: \(key)"])
    #expect(try complaints(text + "run:\n  *l12 : 1\n  *l11 : 2\n") == ["16:3: \(key)"])
  }

  @Test("an anchor is as good as what it stands for") func anchors() throws {
    let text = """
      turnout: 1
      run:
        route:
          routes:
            buy: { examples: &words [price, cost], text: "*bold* : a ? b" }
          otherwise: { route: { by: model, routes: { all: { examples: *words, text: b } }, otherwise: all } }
      """
    #expect(try complaints(text) == [])
  }

  private enum Shape: String, CaseIterable {
    case brackets, braces, keys, dashes, lines, closed, chains

    var text: String {
      switch self {
      case .brackets: String(repeating: "[", count: 100_000)
      case .braces: String(repeating: "{a: ", count: 100_000)
      case .keys: String(repeating: "{? ", count: 100_000)
      case .dashes: "\n" + String(repeating: "- ", count: 100_000)
      case .lines: "\n" + (1...2_000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
      case .closed: String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
      case .chains:
        String(repeating: "{ chain: [", count: 120) + "{ text: a }" + String(repeating: "] }", count: 120)
      }
    }
  }

  @Test("deep nesting", arguments: Shape.allCases) private func nesting(_ shape: Shape) throws {
    let found = try complaints("turnout: 1\nrun: \(shape.text)\n")
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("nested too deeply") == true)
  }

  @Test(
    "numbers as YAML 1.2 has them",
    arguments: [
      ("0", .int(0)), ("-12", .int(-12)), ("+7", .int(7)), ("0x1F", .int(31)), ("0o17", .int(15)),
      ("1.5", .double(1.5)),
      ("-.5e3", .double(-500)), ("1.", .double(1)), ("9223372036854775807", .int(.max)),
      ("9223372036854775808", .double(9_223_372_036_854_775_808)), ("1e999", "1e999"), (".nan", ".nan"),
      (".inf", ".inf"),
      ("0x", "0x"), ("0x-1", "0x-1"), ("0xFFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFFF"), ("0x1p3", "0x1p3"),
      ("1:30", "1:30"),
      ("99999999999999999:59:59", "99999999999999999:59:59"), ("1_000", "1_000"), ("٣", "٣"), ("e", "e"),
      ("2026-01-02", "2026-01-02"), ("1.2.3", "1.2.3"),
      ("true", true), ("FALSE", false), ("no", "no"), ("on", "on"), ("~", nil), ("", nil), ("Null", nil),
      ("nil", "nil"),
      ("\"12\"", "12"), ("'true'", "true"), ("\"\"", ""), ("\"null\"", "null"),
    ] as [(String, Value)])
  func scalars(_ text: String, _ value: Value) throws {
    let folder = try Folder(["flow.yaml": "turnout: 1\ninputs:\n  a: \(text)\nrun: { text: a }\n"])
    #expect(try folder.workflow().inputs == .object(["a": value]))
  }

  @Test("a version of many digits is only wrong") func longVersion() throws {
    #expect(
      try complaints("turnout: 99999999999999999:59:59\nrun: { text: a }\n") == [
        "1:10: the version of the format must be 1"
      ])
  }

  @Test("a file that is not there, or is a folder") func missing() throws {
    let folder = try Folder(["inner/flow.yaml": ""])
    #expect(folder.complaints(about: "other.yaml") == ["other.yaml:1:1: there is no such file, or it cannot be read"])
    #expect(folder.complaints(about: "inner") == ["inner:1:1: there is no such file, or it cannot be read"])
  }
}
