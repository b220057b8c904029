import Turnout

@Generable("A change and whom it concerns")
struct Report: Hashable {
  @Guide("One sentence", .length(1...40))
  var title: String
  @Guide("Those it concerns, worst first", .count(1...3))
  var groups: [Impact]
  @Guide("How sure this is", .range(0...1))
  var confidence: Double
  var level: Level = .low
  var note: String?
  let isPublic: Bool
}

@Generable
struct Impact: Hashable {
  @Guide("What changes", .maximumCount(4), .element(.length(1...20)))
  var effects: [String]
  @Guide("0 to 10", .range(0...10))
  var severity: Int
  @Guide(description: "1 to 5 stars, where there is a rating", .minimum(1), .maximum(5))
  var stars: Int?
  @Guide("The channel", .anyOf(["mail", "phone"]))
  var channel: String
}

@Generable("How bad")
enum Level: String, Hashable, CaseIterable {
  case low, high
  case worst = "WORST"
}

@Generable
enum Direction: Hashable, CaseIterable { case left, right, `default` }

@Generable("What to do next")
enum Action: Hashable {
  @Guide("Look it up") case search(query: String, limit: Int?)
  case answer(String)
  case move([Direction], Double)
  case stop
}

@Generable
struct Page<Item: Generable & Hashable>: Hashable {
  @Guide("What was found", .minimumCount(1))
  var items: [Item]
  var next: Int?
}

@Generable
struct Keywords: Hashable {
  var `default`: Int
  var `in`: [[Bool]]
  // Names that the generated code uses itself.
  var field: Int
  var object: Int
  private(set) var schema: Int = 3
}

@Generable
struct Nothing: Hashable {}
