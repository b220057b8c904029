import Testing
import Turnout

@Suite("@Generable types' schemas")
struct SchemaTests {
  @Test("guides become bounds, words become descriptions")
  func guides() {
    #expect(
      Impact.schema
        == .object(
          "Impact",
          [
            .init("effects", .array(.string(minimumLength: 1, maximumLength: 20), maximumCount: 4), "What changes"),
            .init("severity", .integer(0...10), "0 to 10"),
            .init("stars", .optional(.integer(1...5)), "1 to 5 stars, where there is a rating"),
            .init("channel", .choice(["mail", "phone"]), "The channel"),
          ]))
  }

  @Test("nested types stand inside with their own descriptions")
  func nested() {
    #expect(Report.schema.description == "A change and whom it concerns")
    #expect(
      Report.schema.undescribed
        == .object(
          "Report",
          [
            .init("title", .string(minimumLength: 1, maximumLength: 40), "One sentence"),
            .init("groups", .array(Impact.schema, count: 1...3), "Those it concerns, worst first"),
            .init("confidence", .number(0...1), "How sure this is"),
            .init("level", .choice(["low", "high", "WORST"]), "How bad"),
            .init("note", .optional(.string())),
            .init("isPublic", .boolean),
          ]))
  }

  @Test func enums() {
    #expect(Direction.schema == .choice(["left", "right", "default"]))
    #expect(
      Action.schema
        == .described(
          "What to do next",
          .anyOf([
            .described(
              "Look it up",
              .object(
                "search",
                [
                  .init("case", .choice(["search"])), .init("query", .string()),
                  .init("limit", .optional(.integer())),
                ])),
            .object("answer", [.init("case", .choice(["answer"])), .init("value", .string())]),
            .object(
              "move",
              [
                .init("case", .choice(["move"])), .init("value1", .array(Direction.schema)), .init("value2", .number()),
              ]),
            .object("stop", [.init("case", .choice(["stop"]))]),
          ])))
  }

  @Test func generics() throws {
    #expect(
      Page<Impact>.schema
        == .object(
          "Page",
          [
            .init("items", .array(Impact.schema, minimumCount: 1), "What was found"),
            .init("next", .optional(.integer())),
          ]))
    #expect(try Page<Level>(["items": ["low"]]) == Page(items: [.low], next: nil))
  }

  @Test("guides reach what an alias, an optional or an array wraps")
  func wrapped() {
    #expect(Wrapped.schema.properties["score"] == .integer(0...9))
    #expect(Wrapped.schema.properties["exact"] == .optional(.array(.number(minimum: 0.5), count: 2...2)))
    #expect(Wrapped.schema.properties["holes"] == .array(.optional(.choice(["a"])), minimumCount: 1))
    #expect(Wrapped.schema.properties["grid"] == .array(.array(.integer(maximum: 3), count: 1...2)))
    #expect(Wrapped.schema.properties["spelled"] == .optional(.string(minimumLength: 2, maximumLength: 4)))
    #expect(Wrapped.schema.properties["computed"] == .integer(-2...2))
  }
}

typealias Score = Int
let limit = 2

@Generable
struct Wrapped {
  @Guide("An alias", .range(0...9)) var score: Score
  @Guide("Two", .count(limit), .element(.minimum(0.5))) var exact: [Double]?
  @Guide("Some null", .minimumCount(1), .element(.anyOf(["a"]))) var holes: [String?]
  @Guide("Rows", .element(.count(1...2), .element(.maximum(3)))) var grid: [[Int]]
  @Guide(.length(2...4)) var spelled: Swift.Optional<Swift.String>
  @Guide("No literal", .range(-limit...limit)) var computed: Int
}

extension Schema {
  /// The shapes of an object's properties by name, without their descriptions.
  fileprivate var properties: [String: Schema] {
    guard case .object(_, let properties) = undescribed else { return [:] }
    return Dictionary(properties.map { ($0.name, $0.schema.undescribed) }) { $1 }
  }
}
