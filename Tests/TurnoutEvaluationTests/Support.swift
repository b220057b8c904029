import Synchronization
import TestSupport
import TurnoutCore
import TurnoutEvaluation

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension SplitMix64 {
  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func chance(_ percent: Int) -> Bool { int(1...100) <= percent }
}

/// A path of its own, whose file is gone afterwards.
func withPath<R>(_ body: (String) async throws -> R) async throws -> R {
  let path = "\(FileManager.default.temporaryDirectory.path)/turnout-evaluation-\(UInt64.random(in: 0 ... .max))"
  defer { Remains.keep(at: path) }
  return try await body(path)
}

func write(_ text: String, to path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

func read(_ path: String) throws -> String {
  String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
}

final class Counter: Sendable {
  private let number = Mutex(0)
  var total: Int { number.withLock { $0 } }
  func add() { number.withLock { $0 += 1 } }
}

/// A decision for a route, several, or none.
func decided(
  _ routes: String..., by stage: String = "examples", confidence: Double? = nil, scores: [RouteScore] = [],
  isSure: Bool = true, took milliseconds: Int = 1, usage: Usage = .none
) -> RouteDecision {
  var decision = RouteDecision(
    routes.isEmpty ? .none : routes.count == 1 ? .route : .several, routes: routes, by: stage, confidence: confidence,
    scores: scores, isSure: isSure)
  decision.duration = .milliseconds(milliseconds)
  decision.usage = usage
  return decision
}

/// A small evaluation with something of everything.
let sample = RouteEvaluation(
  judged: [
    JudgedDecision(
      LabelledRequest("buy a phone", route: "sales", line: 1),
      decided("sales", confidence: 0.9, scores: [RouteScore("sales", 0.9), RouteScore("service", 0.05)], took: 10)),
    JudgedDecision(
      LabelledRequest("it is broken", route: "service", line: 2),
      decided(
        "sales", by: "model", confidence: 0.6, isSure: false, took: 40, usage: Usage(calls: 1, inputTokens: 50))),
    JudgedDecision(
      LabelledRequest("the screen is dark", route: "service", line: 3), decided(confidence: 0.7, took: 20)),
    JudgedDecision(LabelledRequest("capital of France", route: nil, line: 4), decided(confidence: 0.8, took: 30)),
    JudgedDecision(
      LabelledRequest("return and buy", route: "service", line: 5),
      decided("sales", "service", by: "model", took: 50, usage: Usage(calls: 2))),
    JudgedDecision(
      LabelledRequest("hello", route: nil, line: 6), failure: RunFailure(label: "timeout", message: "no answer")),
  ],
  routes: ["sales", "service", "idle"])
