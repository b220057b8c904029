import Synchronization
import TurnoutCore
import TurnoutProviders

/// The work as a user of Turnout would write it.
struct TurnoutSide: Sendable {
  let model: OpenAIChatModel
  private var agent: Agent<String, String> { Agent("answer", model: model, instructions: Asked.instructions) }

  init(port: Int, plan: String) {
    model = OpenAIChatModel(
      "bench", at: OpenAIEndpoint(provider: "bench", baseURL: "http://127.0.0.1:\(port)/\(plan)/v1"))
  }

  func run(_ row: Row) async throws {
    switch row.work {
    case .calls, .cold: try await calls(row.count, atMost: row.inFlight)
    case .routes: try await routes(row.count, atMost: row.inFlight)
    case .streams(let pieces): try await streams(row.count, atMost: row.inFlight, pieces)
    }
  }

  private func calls(_ count: Int, atMost bound: Int) async throws {
    let outcomes = try await ForEach(agent, atMost: bound).run((0..<count).map(Asked.prompt))
    guard outcomes.count == count, outcomes.allSatisfy({ $0.output == Expected.text }) else {
      throw WrongAnswer(row: "calls")
    }
  }

  private func routes(_ count: Int, atMost bound: Int) async throws {
    let router = Router(by: .model(model)) {
      Route("consult", "Questions before buying: products, prices, release dates") { agent }
      Route("service", "Trouble with a product the customer owns") { agent }
    } otherwise: {
      FunctionStep("human") { (_: String) in "" }
    }
    let outcomes = try await ForEach(router, atMost: bound).run((0..<count).map(Asked.prompt))
    guard outcomes.count == count, outcomes.allSatisfy({ $0.output == Expected.text }) else {
      throw WrongAnswer(row: "routes")
    }
  }

  private func streams(_ count: Int, atMost bound: Int, _ pieces: Int) async throws {
    let agent = agent
    let expected = Expected.stream(pieces)
    let stream = FunctionStep("stream") { (prompt: String) in
      // A run of its own, as each request of a server has.
      let seen = Seen()
      let sink = EventHandler { event in if case .text(let text) = event.kind { seen.add(text) } }
      let answer = try await agent.run(prompt, sinks: [sink])
      return answer == expected && seen.count == expected.utf8.count
    }
    let outcomes = try await ForEach(stream, atMost: bound).run((0..<count).map(Asked.prompt))
    guard outcomes.count == count, outcomes.allSatisfy({ $0.output == true }) else { throw WrongAnswer(row: "streams") }
  }
}

/// Counts the bytes of the pieces that were passed on.
final class Seen: Sendable {
  private let bytes = Mutex(0)
  var count: Int { bytes.withLock { $0 } }
  func add(_ text: String) { bytes.withLock { $0 += text.utf8.count } }
}
