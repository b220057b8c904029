import BenchmarkSystem
import TurnoutCore
import TurnoutProviders
import TurnoutTestServer

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Many calls against a server on which much goes wrong: whether each ends, once, in time, and leaves nothing behind.
@main
enum SoakBench {
  static let usage = """
    usage: soak-bench [--calls N] [--at-once N] [--share S] [--seed N] [--deadline SECONDS] [--retries N] [--check]

      --calls N           how many calls (20000)
      --at-once N         how many at once (256)
      --share S           how many of them meet a fault, from 0 to 1 (0.3)
      --seed N            which faults (1)
      --deadline SECONDS  how long a call may take (2)
      --retries N         how often a call that failed is made again (0)
      --check             end with status 1 when something is wrong
    """

  static func main() async throws {
    var soak = Soak()
    var isChecked = false
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      if argument == "--check" {
        isChecked = true
        continue
      }
      guard let text = arguments.popFirst(), let number = Double(text), number >= 0, number < 1e9 else { return fail() }
      switch argument {
      case "--calls": soak.calls = max(1, Int(number))
      case "--at-once": soak.atOnce = max(1, Int(number))
      case "--share": soak.share = number
      case "--seed": soak.seed = Int(number)
      case "--deadline": soak.deadline = .seconds(max(0.1, number))
      case "--retries": soak.retries = min(20, Int(number))
      default: return fail()
      }
    }
    Machine.raiseFileLimit()
    let report = try await soak.run()
    print(report.text)
    if isChecked, !report.complaints.isEmpty { exit(1) }
  }

  private static func fail() {
    print(usage)
    exit(64)
  }
}
