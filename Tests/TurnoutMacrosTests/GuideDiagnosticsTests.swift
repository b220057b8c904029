import Testing

@Suite("@Guide: what it refuses")
struct GuideDiagnosticsTests {
  /// The errors for one property of a type with one guide.
  private func errors(_ guide: String, on type: String) -> [String] {
    TurnoutMacrosTests.errors(in: "@Generable struct A {\n@Guide(\(guide)) var a: \(type)\n}")
  }

  @Test(
    "guides that fit are left alone",
    arguments: [
      (".range(0...10)", "Int"), (".range(-5 ... -1)", "Int"), (".minimum(0), .maximum(0)", "Int?"),
      (".range(0...0.5)", "Double"), (".minimum(1)", "Optional<Swift.Double>"), (".length(0...9)", "String"),
      (".anyOf([\"a\"])", "String?"), (".count(3)", "[Int]"), (".count(1...5)", "Array<Int>"),
      (".minimumCount(1), .maximumCount(1)", "[Other]?"), (".count(2), .element(.range(0...1))", "[Int?]"),
      (".element(.count(2), .element(.anyOf([\"a\"])))", "[[String]]"), (".range(low...high)", "Int"),
      (".range(0...10)", "Score"), (".count(count)", "[Score]"), ("GuideConstraint.range(0...1)", "Int"),
      (".range(0x10...0x20)", "Int"), (".range(1_000...2_000)", "Int"),
    ])
  func fitting(guide: String, type: String) {
    #expect(errors("\"words\", \(guide)", on: type) == [])
  }

  @Test(
    "a guide that does not fit names the type and what fits",
    arguments: [
      (".range(0...10)", "String", "2:9 '.range' does not fit 'String'; what fits is .anyOf, .length"),
      (".count(3)", "Int", "2:9 '.count' does not fit 'Int'; what fits is .range, .minimum, .maximum"),
      (".anyOf([\"a\"])", "Int?", "2:9 '.anyOf' does not fit 'Int?'; what fits is .range, .minimum, .maximum"),
      (".minimum(3)", "Bool", "2:9 '.minimum' does not fit 'Bool'; it takes only a description"),
      (".length(1...2)", "Double", "2:9 '.length' does not fit 'Double'; what fits is .range, .minimum, .maximum"),
      (
        ".anyOf([\"a\"])", "[String]",
        "2:9 '.anyOf' does not fit '[String]'; what fits is .count, .minimumCount, .maximumCount, .element"
      ),
      (
        ".element(.range(0...1))", "[String]",
        "2:18 '.range' does not fit the elements of '[String]'; what fits is .anyOf, .length"
      ),
      (
        ".element(.element(.length(0...1)))", "[[Int]]",
        "2:27 '.length' does not fit the elements of the elements of '[[Int]]'; what fits is .range, .minimum, .maximum"
      ),
      (".element(.count(1))", "String", "2:9 '.element' does not fit 'String'; what fits is .anyOf, .length"),
    ])
  func unfitting(guide: String, type: String, message: String) {
    #expect(errors(guide, on: type) == [message])
  }

  @Test(
    "literals that no value can meet",
    arguments: [
      (".range(10...0)", "Int", "2:15 the range is upside down: 10 is greater than 0"),
      (".range(0.5...0.25)", "Double", "2:15 the range is upside down: 0.5 is greater than 0.25"),
      (".range(1 ... -1)", "Int", "2:15 the range is upside down: 1 is greater than -1"),
      (".minimum(5), .maximum(3)", "Int", "2:22 the minimum 5 is greater than the maximum 3"),
      (".maximum(3), .minimum(5)", "Int", "2:22 the minimum 5 is greater than the maximum 3"),
      (".minimumCount(5), .maximumCount(3)", "[Int]", "2:27 the minimum 5 is greater than the maximum 3"),
      (".range(0.5...1)", "Int", "2:15 'Int' is whole, 0.5 is not"),
      (".minimum(0.5)", "Int", "2:17 'Int' is whole, 0.5 is not"),
      (".count(-1)", "[Int]", "2:15 -1 is negative; '.count' counts from 0"),
      (".count(-2...3)", "[Int]", "2:15 -2 is negative; '.count' counts from 0"),
      (".minimumCount(-1)", "[Other]", "2:22 -1 is negative; '.minimumCount' counts from 0"),
      (".length(-1...1)", "String", "2:16 -1 is negative; '.length' counts from 0"),
      (".anyOf([])", "String", "2:15 a choice of nothing: no answer would fit"),
      (".element(.range(2...1))", "[Int]", "2:24 the range is upside down: 2 is greater than 1"),
    ])
  func literals(guide: String, type: String, message: String) {
    #expect(errors(guide, on: type) == [message])
  }

  @Test("what two guides both decide")
  func twice() {
    #expect(
      errors(".range(0...1), .minimum(0)", on: "Int") == [
        "2:24 '.minimum' decides what '.range' decided already"
      ])
    #expect(errors(".count(1), .count(2)", on: "[Int]") == ["2:20 '.count' decides what '.count' decided already"])
    #expect(
      errors(".anyOf([\"a\"]), .length(1...2)", on: "String") == [
        "2:24 '.length' decides what '.anyOf' decided already"
      ])
  }

  @Test("a macro reads the source, so a constraint must stand in it")
  func writtenOut() {
    #expect(errors("\"words\", limits", on: "Int") == ["2:17 a guide must be written out here, such as .range(0...10)"])
  }

  @Test func secondDescription() {
    #expect(
      TurnoutMacrosTests.errors(
        in: """
          @Generable struct A {
            @Guide("one") @Guide("two") var a: Int
          }
          """) == ["2:17 a second description; one property has one"])
  }

  @Test("guides where no schema is made")
  func places() {
    #expect(
      TurnoutMacrosTests.errors(
        in: """
          @Generable struct A {
            @Guide("a") var a: Int { 3 }
            @Guide("b") static var b: Int = 3
            @Guide("c") func c() {}
          }
          struct B { @Guide("d") var d: Int }
          enum C { @Guide("e") case e }
          """) == [
          "2:3 @Guide has no effect here: the property is not stored, so it is not part of the schema",
          "3:3 @Guide has no effect here: the property is not stored, so it is not part of the schema",
          "4:3 @Guide has no effect here: it belongs to a stored property or to a case",
          "6:12 @Guide has no effect here: the type is not @Generable",
          "7:10 @Guide has no effect here: the type is not @Generable",
        ])
  }

  @Test func onCases() {
    #expect(
      TurnoutMacrosTests.errors(in: "@Generable enum A { @Guide(\"a\") case a, b }") == [
        "1:21 a choice of names has no room for words at each; write them in @Generable(…)"
      ])
    #expect(
      TurnoutMacrosTests.errors(in: "@Generable enum A { @Guide(\"a\", .count(1)) case a([Int]) }") == [
        "1:33 a case takes only a description"
      ])
  }
}
