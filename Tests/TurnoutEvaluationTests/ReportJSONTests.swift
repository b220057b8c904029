import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct ReportJSONTests {
  @Test func theKeysStayWhatTheyAre() {
    #expect(
      sample.value.object?.keys == [
        "turnout_evaluation", "requests", "failed", "accuracy", "overall_accuracy", "out_of_scope", "coverage",
        "sure_accuracy", "several", "calibration", "latency", "usage", "operating_points", "per_route", "per_stage",
        "confusions", "routes", "rows",
      ])
    #expect(sample.value["accuracy"]?["share"] == 0.5)
    #expect(sample.value["out_of_scope"]?["auroc"]?.double == 1)
    #expect(
      sample.value["rows"]?[1]?.object?.keys == [
        "input", "line", "expected", "kind", "routes", "right", "confidence", "none_score", "best", "sure",
        "decided_by", "duration_ms", "usage",
      ])
    #expect(sample.value["rows"]?[5]?["kind"] == "failed")
    #expect(sample.value["rows"]?[5]?["error"]?["message"] == "no answer")
    #expect(sample.value["operating_points"]?[0]?["keeping"] == 0.95)
    #expect(sample.value["operating_points"]?[2]?["catching"] == 0.9)
  }

  @Test func aReportIsReadFromItsFile() async throws {
    try await withPath { path in
      try write(sample.value.json(pretty: true), to: path)
      #expect(try RouteEvaluation(contentsOf: path) == sample)
      try write("{", to: path)
      let error = try #require(throws: EvaluationError.self) { try RouteEvaluation(contentsOf: path) }
      #expect(error.description.hasPrefix("\(path): not valid JSON"))
    }
    let error = try #require(throws: EvaluationError.self) { try RouteEvaluation(contentsOf: "/no/file") }
    #expect(error.description == "/no/file: there is no such file, or it cannot be read")
  }

  static let changes: [(String, Value?, String)] = [
    ("turnout_evaluation", nil, "this is no report"), ("turnout_evaluation", 2, "version 2 and only 1"),
    ("rows", nil, "rows: an array was expected, not nothing"), ("routes", [1], "routes: a string was expected in it"),
    ("rows", [1], "rows[0]: an object was expected, not an integer"),
  ]

  @Test(arguments: 0..<changes.count) func whatIsNoReportIsRefused(index: Int) throws {
    let (key, replacement, complaint) = Self.changes[index]
    var object = try #require(sample.value.object)
    object[key] = replacement
    let error = try #require(throws: EvaluationError.self) { try RouteEvaluation(value: .object(object)) }
    #expect(error.description.contains(complaint), "\(error)")
    #expect(error.label == "unreadable_report")
  }

  @Test(arguments: ["input", "line", "kind", "routes", "right", "sure", "decided_by", "duration_ms", "usage"])
  func everyRowIsChecked(key: String) throws {
    for replacement in [Value?.none, .some(["x": true])] {
      var row = try #require(sample.value["rows"]?[0]?.object)
      row[key] = replacement
      var object = try #require(sample.value.object)
      object["rows"] = .array([.object(row)])
      let error = try #require(throws: EvaluationError.self) { try RouteEvaluation(value: .object(object)) }
      #expect(error.description.contains("rows[0]: \(key): "), "\(error)")
    }
  }

  @Test func whatIsNoObjectIsRefused() {
    #expect(throws: EvaluationError.self) { try RouteEvaluation(value: [1]) }
  }
}
