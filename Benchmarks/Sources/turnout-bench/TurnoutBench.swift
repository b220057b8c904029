import BenchmarkSystem
import TurnoutCore

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Measures Turnout beside the same requests made by hand, in one run.
@main
enum TurnoutBench {
  static let usage = """
    usage: turnout-bench [--runs N] [--only ROW]… [--tuned] [--json] [--check]

      --runs N    measure each row N times and take the median (3)
      --only ROW  only this row; may be given several times: \(Row.all.map(\.name).joined(separator: ", "))
      --tuned     give the floor's client the settings that Turnout gives its own
      --json      print one JSON object instead of the table
      --check     end with status 1 when a target is missed
    """

  static func main() async throws {
    Machine.raiseFileLimit()
    Machine.pin(to: 0)
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "--child" { return try await child(arguments) }
    guard let options = Options(arguments) else {
      print(usage)
      exit(64)
    }
    let results: [Result]
    do { results = try measure(options) } catch {
      print("error: \(error)")
      exit(1)
    }
    if options.json {
      print(Value.object(["runs": .int(options.runs), "rows": .array(results.map(\.value))]).json(pretty: true))
    }
    if options.check, !results.allSatisfy(\.isMet) { exit(1) }
  }

  private static func child(_ arguments: [String]) async throws {
    guard arguments.count >= 4, var row = Row.all.first(where: { $0.name == arguments[1] }),
      let side = Side(rawValue: arguments[2]), let port = Int(arguments[3])
    else { exit(64) }
    // A profiler wants more of the same.
    if arguments.count > 4, let times = Int(arguments[4]) { row.count *= times }
    if case .cold = row.work {
      try await Child.cold(row, side, port: port)
    } else {
      try await Child.measure(row, side, port: port)
    }
  }

  private static func measure(_ options: Options) throws -> [Result] {
    let program = Machine.executable
    let folder = program.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let server = try ChildProcess(folder + "/loopback-server", [])
    guard let port = server.line().flatMap({ Int($0) }) else {
      throw ChildProcess.Failure(description: "the server does not say its port")
    }
    let bench = Bench(program: program, port: port)
    if !options.json { print(Table.head(runs: options.runs)) }
    var results: [Result] = []
    for row in options.rows {
      var sides: [Side: [Measurement]] = [:]
      // One after the other, so that both have the same neighbours.
      for _ in 0..<options.runs {
        for side in [.turnout, options.floor] { sides[side, default: []].append(try bench.measure(row, side)) }
      }
      let result = Result(row: row, turnout: .median(sides[.turnout] ?? []), floor: .median(sides[options.floor] ?? []))
      results.append(result)
      if !options.json { print(Table.line(result)) }
      Machine.flush()
    }
    _ = try server.finish()
    return results
  }
}

/// What the command line says.
struct Options {
  var runs = 3
  var floor = Side.floor
  var json = false
  var check = false
  var rows: [Row] = []

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--tuned": floor = .tuned
      case "--json": json = true
      case "--check": check = true
      case "--runs":
        guard let number = rest.popFirst().flatMap({ Int($0) }), number > 0 else { return nil }
        runs = number
      case "--only":
        guard let name = rest.popFirst(), let row = Row.all.first(where: { $0.name == name }) else { return nil }
        rows.append(row)
      default: return nil
      }
    }
    if rows.isEmpty { rows = Row.all }
  }
}
