import Testing
import TurnoutCore

@testable import TurnoutWorkflows

/// What flows between steps is known from the file, and what does not fit is refused before anything runs.
@Suite struct TypeFlowTests {
  private static let shaped =
    "agent: { instructions: a, output: { title: string, points: { type: array, items: integer } } }"

  private static func chain(_ first: String, _ second: String) -> String {
    """
    turnout: 1
    tools: { add: { description: a, parameters: { number: integer, word: string? }, command: [a] } }
    run:
      chain:
        - name: first
          \(first)
        - \(second)

    """
  }

  @Test(
    "what does not fit",
    arguments: [
      BadFile(
        "a member that an answer does not have", chain(shaped, "text: \"{{input.titel}}\""),
        "7:13: {{input.titel}} has no \"titel\"; did you mean \"title\"?"),
      BadFile(
        "a member of a step's output", chain(shaped, "text: \"{{steps.first.output.summary}}\""),
        "7:13: {{steps.first.output.summary}} has no \"summary\"; known: title, points"),
      BadFile(
        "a member of a text", chain("agent: { instructions: a }", "text: \"{{input.title}}\""),
        "7:13: {{input.title}} asks for \"title\" of a string"),
      BadFile(
        "each over a text", chain("text: a", "each: { text: b }"), "7:13: each goes over a list, and this is a string"),
      BadFile(
        "each over a member that is no list", chain(shaped, "each: { over: \"{{input.title}}\", text: b }"),
        "7:21: each goes over a list, and this is a string"),
      BadFile(
        "a member of an item that is a number",
        chain(shaped, "each: { over: \"{{input.points}}\", text: \"{{item.x}}\" }"),
        "7:47: {{item.x}} asks for \"x\" of an integer"),
      BadFile(
        "a text for a number", chain(shaped, "tool: { name: add, arguments: { number: \"{{input.title}}\" } }"),
        "7:47: the argument \"number\" does not fit: it takes an integer, and this is a string"),
      BadFile(
        "words around a number are a text",
        chain(shaped, "tool: { name: add, arguments: { number: \"no {{input.points}}\" } }"),
        "7:47: the argument \"number\" does not fit: it takes an integer, and this is a string"),
      BadFile(
        "a member that no outcome has",
        chain("parallel: { branches: { a: { text: b } } }", "each: { text: \"{{item.outptu}}\" }"),
        "7:21: {{item.outptu}} has no \"outptu\"; did you mean \"output\"?"),
      BadFile(
        "what both of a fallback answer", chain("text: a\n      fallback: { text: b }", "each: { text: c }"),
        "8:13: each goes over a list, and this is a string"),
    ])
  func bad(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }

  @Test(
    "what fits",
    arguments: [
      chain(shaped, "text: \"{{input.title}} {{steps.first.output.points}}\""),
      chain(shaped, "each: { over: \"{{input.points}}\", tool: { name: add, arguments: { number: \"{{item}}\" } } }"),
      chain(shaped, "tool: { name: add, arguments: { number: 1, word: \"{{input.title}}\" } }"),
      chain(
        "parallel: { branches: { a: { text: b }, c: { text: d } } }",
        "each: { text: \"{{item.output}} {{item.status}}\" }"),
      // A router's answers need not have one shape, and then nothing is said of them.
      chain(
        "route: { by: rules, rules: [{ route: a, when: { words: [b] } }], routes: { a: { text: c } }, "
          + "otherwise: { \(shaped) } }", "text: \"{{input.title}}\""),
    ])
  func good(_ text: String) throws { #expect(try complaints(text) == []) }

  @Test("the common shape of values fits every one of them", arguments: 1...300)
  func common(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let values = (0..<random.int(1...4)).map { _ in Self.value(&random, depth: 3) }
    let shapes = values.map(Schema.init(of:))
    let common = Schema.common(shapes)
    for (value, shape) in zip(values, shapes) {
      #expect(shape.mayFit(shape), "seed \(seed): \(value.json())")
      if case .object(_, let properties) = common.plain, let object = value.object {
        #expect(object.keys.allSatisfy { key in properties.contains { $0.name == key } }, "seed \(seed)")
      }
      if common.plain != .any {
        #expect(common.kindDescription == shape.kindDescription || shape.plain == .integer(), "seed \(seed)")
      }
    }
  }

  private static func value(_ random: inout SplitMix64, depth: Int) -> Value {
    switch random.int(0...(depth > 0 ? 6 : 4)) {
    case 0: .bool(random.chance(50))
    case 1: .int(random.int(0...9))
    case 2: .double(Double(random.int(0...9)) + 0.5)
    case 3, 4: .string("text")
    case 5: .array((0..<random.int(0...3)).map { _ in value(&random, depth: depth - 1) })
    default:
      .object(
        ValueObject(["a", "b", "c"].filter { _ in random.chance(60) }.map { ($0, value(&random, depth: depth - 1)) }))
    }
  }
}

extension SplitMix64 {
  fileprivate mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  fileprivate mutating func chance(_ percent: Int) -> Bool { int(0...99) < percent }
}
