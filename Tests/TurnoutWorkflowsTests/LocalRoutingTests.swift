import Foundation
import Testing
import TurnoutCore
import TurnoutLocal

@testable import TurnoutWorkflows

/// The installation these tests use: the one that is found, else the one of the package they belong to.
private let installation: LocalInstallation? = {
  let own = LocalInstallation(folder: "\(packageFolder)/.turnout/local")
  return LocalInstallation.find() ?? (own.isComplete ? own : nil)
}()

/// A labelled request.
private struct Row: CustomStringConvertible {
  let input: String
  let route: String?
  let language: String

  static func all() throws -> [Row] {
    let text = try String(contentsOfFile: "\(packageFolder)/Tests/Fixtures/routing/support.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let value = try Value(json: String(line))
      return Row(
        input: value["input"]?.string ?? "", route: value["route"]?.string, language: value["lang"]?.string ?? "")
    }
  }

  var description: String { "\(input) (\(route ?? "none"))" }
}

/// The support desks of the examples route real sentences on the real embeddings.
@Suite(.enabled(if: installation != nil, "the local models are not installed"), .serialized, .timeLimit(.minutes(3)))
struct LocalRoutingTests {
  private func withRouter(_ file: String, _ body: (Router<Value, Value>) async throws -> Void) async throws {
    let local = LocalModels(servers: LocalServers(installation: installation))
    do {
      let workflow = try Workflow(contentsOf: "\(packageFolder)/Examples/\(file)")
      let router = try #require(try workflow.router(models: LocalOnly(local: local)))
      try await router.prepare()
      try await body(router)
    } catch {
      await local.shutdown()
      throw error
    }
    await local.shutdown()
  }

  /// Local embeddings, and chat models that only exist.
  private struct LocalOnly: ModelResolver {
    let local: LocalModels
    func languageModel(_ reference: String, in workflow: Workflow) -> any LanguageModel { local.chat }
    func embeddingModel(_ reference: String, in workflow: Workflow) -> any EmbeddingModel { local.embeddings }
  }

  @Test("every labelled request of both languages takes its route", arguments: ["support.yaml", "support.zh.yaml"])
  func fixture(_ file: String) async throws {
    let rows = try Row.all()
    #expect(rows.count == 90)
    #expect(Set(rows.map(\.language)) == ["en", "zh"])
    #expect(Set(rows.map(\.route)) == ["consult", "service", nil])
    try await withRouter(file) { router in
      for row in rows {
        let decision = try await router.decide(.string(row.input))
        #expect(decision.routes == (row.route.map { [$0] } ?? []), "\(row)")
        // Processors round differently: none of these may hang on that.
        #expect((decision.margin ?? 0) > 0.05, "\(row)")
      }
    }
  }

  private static let sentences: [(file: String, input: String, routes: [String])] = [
    ("support.yaml", "when does the new phone come out?", ["consult"]),
    ("support.yaml", "my phone keeps restarting", ["service"]),
    ("support.yaml", "what is the weather like tomorrow?", []),
    ("support.zh.yaml", "新手机什么时候上市？", ["consult"]),
    ("support.zh.yaml", "我的手机总是重启", ["service"]),
    ("support.zh.yaml", "明天天气怎么样？", []),
  ]

  @Test("a sentence is routed within 150 ms once the server is up", arguments: ["support.yaml", "support.zh.yaml"])
  func time(_ file: String) async throws {
    try await withRouter(file) { router in
      for (_, input, routes) in Self.sentences.filter({ $0.file == file }) {
        // The best of three, since other tests share the processors.
        var best = Duration.seconds(60)
        for _ in 0..<3 {
          let start = ContinuousClock.now
          let decision = try await router.decide(.string(input))
          best = min(best, ContinuousClock.now - start)
          #expect(decision.routes == routes, "\(input)")
          #expect(decision.decidedBy == "examples")
        }
        #expect(best < .milliseconds(150), "\(input)")
      }
    }
  }
}
