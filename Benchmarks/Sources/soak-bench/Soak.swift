import BenchmarkSystem
import Synchronization
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

/// What is done, and with what.
struct Soak: Sendable {
  var calls = 20_000
  var atOnce = 256
  var share = 0.3
  var seed = 1
  var deadline = Duration.seconds(2)
  var retries = 0

  /// How long a call may take with all its retries, each of which has a deadline of its own.
  var limit: Duration { deadline * (1 + retries) + .seconds(retries) }

  /// What a call came to.
  struct Ending: Sendable {
    /// `answer`, or the label of an error.
    let label: String
    let duration: Duration
    /// What is wrong about it.
    var complaint: String?
  }

  /// The usual faults, and servers that stop answering.
  private var plan: FaultPlan {
    FaultPlan(seed: seed, share: share, among: Fault.usual + Fault.Place.allCases.map { .stall($0) })
  }

  func run() async throws -> SoakReport {
    // The same goes before, so that what a process keeps for the next time is there at the start.
    _ = try await round(calls: calls)
    try await Resources.settle(to: 0)
    let before = Resources.now
    let start = ContinuousClock.now
    let (endings, arrivals, sockets, made) = try await round(calls: calls)
    let wall = start.duration(to: .now)
    try await Resources.settle(to: before.sockets)
    return SoakReport(
      soak: self, endings: endings, arrivals: arrivals, wall: wall, before: before, after: .now,
      socketsAtOnce: sockets, made: made)
  }

  /// All calls, how often the server got each, and how many sockets were open when the last had ended.
  private func round(calls: Int) async throws -> (endings: [Ending], arrivals: [Int], sockets: Int, made: Int) {
    let arrivals = Arrivals(calls)
    let made = Made()
    let (endings, sockets) = try await ModelServer.serve(
      answering: { request, _ in
        arrivals.count(request.prompt)
        return .stream(["answer ", "to ", request.prompt, " für 円"])
      }, faults: plan, remembering: 0
    ) { server in
      let endpoint = OpenAIEndpoint(provider: "soak", baseURL: server.url + "/v1", timeout: deadline)
      let once = CountedModel(model: OpenAIChatModel("test", at: endpoint), made: made)
      // Servers ask to wait for anything up to an hour; whoever asks for more than a second gets no second chance here.
      let policy = RetryPolicy(retries: retries, delay: .milliseconds(100), hintLimit: .seconds(1))
      let model: any LanguageModel =
        retries == 0 ? once : once.retrying(policy).timed(ModelTimeouts(total: limit))
      let ask = FunctionStep("ask") { (number: Int) in await call(number, model) }
      let endings = try await ForEach(ask, atMost: atOnce).run(Array(0..<calls)).compactMap(\.output)
      return (endings, Resources.now.sockets)
    }
    return (endings, arrivals.all, sockets, made.count)
  }

  private func call(_ number: Int, _ model: any LanguageModel) async -> Ending {
    let start = ContinuousClock.now
    let pieces = Mutex("")
    let isStreamed = number % 2 == 0
    let handler: ModelDeltaHandler = { delta in
      switch delta {
      case .text(let text): pieces.withLock { $0 += text }
      case .discarded: pieces.withLock { $0 = "" }
      default: break
      }
    }
    let wanted = "answer to \(number) für 円"
    do {
      let request = ModelRequest(messages: [.user("\(number)")])
      let response = try await model.respond(to: request, in: Run(), onDelta: isStreamed ? handler : nil)
      var ending = Ending(label: "answer", duration: start.duration(to: .now))
      if response.text != wanted { ending.complaint = "call \(number) got another answer: \(response.text)" }
      if isStreamed, pieces.withLock({ $0 }) != wanted { ending.complaint = "call \(number) got other pieces" }
      return ending
    } catch {
      var ending = Ending(label: RunFailure(error).label, duration: start.duration(to: .now))
      if !(error is ModelError) { ending.complaint = "call \(number) threw \(type(of: error))" }
      return ending
    }
  }
}

/// How many calls were made, retries included.
final class Made: Sendable {
  private let calls = Mutex(0)
  var count: Int { calls.withLock { $0 } }
  func add() { calls.withLock { $0 += 1 } }
}

/// A model whose calls are counted.
private struct CountedModel: LanguageModel {
  let model: OpenAIChatModel
  let made: Made
  var name: String { model.name }
  var capabilities: ModelCapabilities { model.capabilities }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    made.add()
    return try await model.respond(to: request, in: run, onDelta: onDelta)
  }
}

/// How often each call reached the server's script.
final class Arrivals: Sendable {
  private let counts: Mutex<[Int]>

  init(_ calls: Int) { counts = Mutex([Int](repeating: 0, count: calls)) }

  var all: [Int] { counts.withLock { $0 } }

  func count(_ prompt: String) {
    guard let number = Int(prompt) else { return }
    counts.withLock { if $0.indices.contains(number) { $0[number] += 1 } }
  }
}
