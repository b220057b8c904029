import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite("Evidence of fitted decisions")
struct FittedEvidenceTests {
  /// Forty numbers, which is more than a whole number of pieces that are summed at once.
  private struct Corners: EmbeddingModel {
    let name = "corners"

    func embed(_ texts: [String], in run: Run) async throws -> [[Float]] {
      texts.map { text in
        var vector = [Float](repeating: 0.1, count: 40)
        for (place, byte) in text.utf8.enumerated() { vector[(Int(byte) * 7 + place) % 40] += 1 }
        return vector
      }
    }
  }

  private static let routes = [
    RouteDescription("fruit", examples: ["apple pie", "apple tart", "apple juice", "apple cake"]),
    RouteDescription("tools", examples: ["hammer", "hammer drill", "hammer handle", "hammer nail"]),
    RouteDescription("music", examples: ["violin", "violin solo", "violin bow", "violin string"]),
    RouteDescription("sea", examples: ["dolphin", "dolphin fin", "dolphin pod", "dolphin bay"]),
  ]

  private func decisions(_ table: RouteTable, _ fit: RouteFit) async throws -> [RouteDecision] {
    let selector = ExamplesSelector(Corners(), fit: fit)
    var decisions: [RouteDecision] = []
    for text in Self.routes.flatMap(\.examples) {
      decisions.append(try await selector.select(text, among: table, in: Run()))
    }
    return decisions
  }

  @Test("an example is the nearest of its route, three routes show theirs, and the order of routes changes nothing")
  func evidence() async throws {
    let table = try RouteTable(Self.routes)
    let fit = try await RouteFitter().fit(table, cases: [], embeddings: Corners()).fit
    let turned = try RouteTable([Self.routes[2], Self.routes[0], Self.routes[3], Self.routes[1]])
    let straight = try await decisions(table, fit)
    for (decision, other) in zip(straight, try await decisions(turned, fit)) {
      #expect(other.kind == decision.kind && other.routes == decision.routes)
      #expect(other.evidence == decision.evidence)
      #expect(other.scores.map(\.route) == turned.routes.map(\.name))
      #expect(Set(other.scores) == Set(decision.scores))
    }
    for (text, decision) in zip(Self.routes.flatMap(\.examples), straight) {
      #expect(decision.evidence.count == 3)
      let nearest = try #require(decision.evidence.first)
      #expect(nearest.text == text)
      #expect(abs(nearest.similarity - 1) < 1e-3)
      let shown = decision.evidence.compactMap { shown in decision.scores.first { $0.route == shown.route }?.score }
      #expect(shown == Array(decision.scores.map(\.score).sorted(by: >).prefix(3)))
    }
  }
}
