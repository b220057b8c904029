import Testing
import Turnout

@Suite("@Generable types read strictly")
struct ReadingTests {
  private static let impact: Value = ["effects": ["slower"], "severity": 7, "stars": 4, "channel": "mail"]
  private static let report: Value = [
    "title": "Prices rise", "groups": [impact, impact], "confidence": 0.5, "level": "WORST", "note": "n",
    "isPublic": true,
  ]

  /// The report with one change, read; the violation in words, or nil when it was read.
  private func violation(_ change: (inout ValueObject) -> Void) -> String? {
    var object = Self.report.object ?? ValueObject()
    change(&object)
    do { _ = try Report(.object(object)) } catch { return "\(error)" }
    return nil
  }

  /// The report with a change in its second group.
  private func violationInGroup(_ change: (inout ValueObject) -> Void) -> String? {
    var object = Self.impact.object ?? ValueObject()
    change(&object)
    return violation { $0["groups"] = [Self.impact, .object(object)] }
  }

  @Test func everythingThere() throws {
    let report = try Report(Self.report)
    let impact = Impact(effects: ["slower"], severity: 7, stars: 4, channel: "mail")
    #expect(
      report
        == Report(
          title: "Prices rise", groups: [impact, impact], confidence: 0.5, level: .worst, note: "n", isPublic: true))
  }

  @Test("what is missing is named with its place")
  func missing() {
    #expect(violation { $0["title"] = nil } == "title: is missing")
    #expect(violationInGroup { $0["severity"] = nil } == "groups[1].severity: is missing")
    #expect(violationInGroup { $0["effects"] = nil } == "groups[1].effects: is missing")
  }

  @Test("an initial value is no default")
  func initialValue() {
    #expect(violation { $0["level"] = nil } == "level: is missing")
  }

  @Test("only what is optional may be missing or null")
  func optionals() {
    #expect(violation { $0["note"] = nil } == nil)
    #expect(violation { $0["note"] = .null } == nil)
    #expect(violationInGroup { $0["stars"] = nil } == nil)
    #expect(violation { $0["title"] = .null } == "title: a string was expected, found null")
    #expect(violation { $0["note"] = 3 } == "note: a string was expected, found an integer")
  }

  @Test("other types are not converted")
  func otherTypes() {
    #expect(violation { $0["isPublic"] = "true" } == "isPublic: a boolean was expected, found a string")
    #expect(violation { $0["confidence"] = "0.5" } == "confidence: a number was expected, found a string")
    #expect(violationInGroup { $0["severity"] = 7.5 } == "groups[1].severity: an integer was expected, found a number")
    #expect(violationInGroup { $0["effects"] = "a" } == "groups[1].effects: an array was expected, found a string")
    #expect(violation { $0["groups"] = [3] } == "groups[0]: an object was expected, found an integer")
  }

  @Test("guides are enforced at both ends")
  func guides() {
    let at = "groups[1]"
    #expect(violationInGroup { $0["severity"] = 10 } == nil)
    #expect(violationInGroup { $0["severity"] = 11 } == "\(at).severity: at most 10 was expected, found 11")
    #expect(violationInGroup { $0["severity"] = 0 } == nil)
    #expect(violationInGroup { $0["severity"] = -1 } == "\(at).severity: at least 0 was expected, found -1")
    #expect(violationInGroup { $0["stars"] = 0 } == "\(at).stars: at least 1 was expected, found 0")
    #expect(violationInGroup { $0["stars"] = 6 } == "\(at).stars: at most 5 was expected, found 6")
    #expect(violationInGroup { $0["channel"] = "fax" } == "\(at).channel: one of \"mail\", \"phone\" was expected")
    #expect(
      violationInGroup { $0["effects"] = ["a", ""] } == "\(at).effects[1]: at least 1 characters was expected, found 0")
    #expect(
      violationInGroup { $0["effects"] = ["a", "b", "c", "d", "e"] }
        == "\(at).effects: at most 4 elements was expected, found 5")
    #expect(violation { $0["confidence"] = 1.5 } == "confidence: at most 1.0 was expected, found 1.5")
    #expect(violation { $0["confidence"] = 1 } == nil)
    #expect(violation { $0["groups"] = [] } == "groups: at least 1 elements was expected, found 0")
  }

  @Test("members that the type does not know are ignored")
  func unknownMembers() {
    #expect(violation { $0["extra"] = 1 } == nil)
  }

  @Test("the place starts at the field that is read")
  func places() {
    let field = ValueField(["items": [["query": 3]]], at: .root.appending("answer"))
    let error = #expect(throws: SchemaViolation.self) { try Page<Int>(from: field) }
    #expect(error?.description == "answer.items[0]: an integer was expected, found an object")
  }

  @Test func emptyStructs() throws {
    #expect(try Nothing([:]) == Nothing())
    #expect(throws: SchemaViolation(at: .root, "an object was expected, found an array")) {
      try Nothing(from: ValueField([]))
    }
  }

  @Test("keywords and the generated code's own names are keys like others")
  func keywords() throws {
    let value: Value = ["default": 1, "in": [[true], []], "field": 2, "object": 3, "schema": 4]
    let keywords = try Keywords(value)
    #expect(keywords.default == 1 && keywords.in == [[true], []] && keywords.schema == 4)
    #expect(keywords.value == value)
  }
}
