import Synchronization
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// How close a gate comes to what a provider allows: two runs that share a key, a server whose bucket holds 60 requests and
/// fills by 10 a second and that says with every response how it stands, and 1,200 requests, which take 114 s at best.
@main
enum GateBench {
  static let usage = """
    usage: gate-bench [--calls N] [--check]

      --calls N   how many calls, a quarter of them by the second run (1200)
      --check     end with status 1 when a target is missed: within 5 % of the ideal, less than 1 % refused, both runs served
    """

  static func main() async throws {
    var calls = 1_200
    var isChecked = false
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--check": isChecked = true
      case "--calls":
        guard let number = arguments.popFirst().flatMap({ Int($0) }), (4...1_000_000).contains(number) else {
          return fail()
        }
        calls = number
      default: return fail()
      }
    }
    let result = try await measure(calls)
    print(result.text)
    if isChecked, !result.isGood { exit(1) }
  }

  private static func fail() {
    print(usage)
    exit(64)
  }

  private static func measure(_ calls: Int) async throws -> Result {
    let limit = RequestLimit(bucket: 60, perSecond: 10)
    let refused = Mutex(0)
    let made = Mutex(0)
    let start = ContinuousClock.now
    let (many, few) = try await ModelServer.serve(
      answering: { _, _ in .text("Yes.") }, limit: limit, remembering: 0
    ) { server in
      let endpoint = OpenAIEndpoint(provider: "limited", baseURL: server.url + "/v1")
      let gate = RateGate()
      let asked = Counted(model: OpenAIChatModel("test", at: endpoint)) { isRefused in
        made.withLock { $0 += 1 }
        if isRefused { refused.withLock { $0 += 1 } }
      }
      let model = asked.gated(by: gate).retrying(RetryPolicy(retries: 20))
      let agent = Agent("asker", model: model, instructions: "Answer with yes or no.")
      func run(_ count: Int) async throws -> Duration {
        _ = try await Run().perform(ForEach(agent, atMost: 256), (0..<count).map { "Question \($0)?" })
        return start.duration(to: .now)
      }
      async let many = run(calls - calls / 4)
      async let few = run(calls / 4)
      return try await (many, few)
    }
    return Result(
      calls: calls, made: made.withLock { $0 }, refused: refused.withLock { $0 }, wall: start.duration(to: .now),
      ideal: Double(max(0, calls - limit.bucket)) / limit.perSecond, many: many, few: few)
  }
}

/// What was measured.
private struct Result {
  let calls: Int
  let made: Int
  let refused: Int
  let wall: Duration
  let ideal: Double
  let many: Duration
  let few: Duration

  private var over: Double { (wall / .seconds(1) / ideal - 1) * 100 }
  private var share: Double { Double(refused) / Double(max(1, made)) * 100 }
  /// While both want something each gets half, so that the smaller run is done when twice its calls are.
  private var fairFew: Double { max(1, (2 * Double(calls / 4) - 60) / 10) }
  var isGood: Bool { over <= 5 && share < 1 && few / .seconds(1) < fairFew * 1.2 + 2 }

  var text: String {
    func seconds(_ duration: Duration) -> String { "\((duration / .seconds(1) * 10).rounded() / 10) s" }
    return """
      \(calls) calls by two runs that share a key, bucket of 60, 10 a second
      wall \(seconds(wall)), ideal \(ideal) s: \((over * 10).rounded() / 10) % over (target 5 %)
      \(made) calls made, \(refused) refused: \((share * 100).rounded() / 100) % (target under 1 %)
      the run with a quarter of the calls was done after \(seconds(few)) (\(fairFew) s at best), the other after \(seconds(many))
      """
  }
}

/// A model whose calls are counted.
private struct Counted: LanguageModel {
  let model: OpenAIChatModel
  let count: @Sendable (_ isRefused: Bool) -> Void
  var name: String { model.name }
  var capabilities: ModelCapabilities { model.capabilities }

  func respond(to request: ModelRequest, in run: Run, onDelta: ModelDeltaHandler?) async throws -> ModelResponse {
    do {
      let response = try await model.respond(to: request, in: run, onDelta: onDelta)
      count(false)
      return response
    } catch {
      count((error as? ModelError)?.label == "rate_limited")
      throw error
    }
  }
}
