import BenchmarkSystem

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Measures wide fan-outs, each in a process of its own.
@main
enum FanOutBench {
  static let usage = """
    usage: fanout-bench [--runs N] [--only ROW]… [--check]

      --runs N    measure each row N times and take the medians (3)
      --only ROW  only this row; may be given several times: \(Workload.all.map(\.name).joined(separator: ", "))
      --check     end with status 1 when a target is missed
    """

  static func main() async throws {
    var (runs, isChecked, rows) = (3, false, [Workload]())
    var arguments = CommandLine.arguments.dropFirst()
    while let argument = arguments.popFirst() {
      switch argument {
      case "--child":
        guard let row = row(arguments.popFirst()) else { exit(64) }
        return try await child(row)
      case "--check": isChecked = true
      case "--only":
        guard let row = row(arguments.popFirst()) else { return fail() }
        rows.append(row)
      case "--runs":
        guard let number = arguments.popFirst().flatMap({ Int($0) }), number > 0 else { return fail() }
        runs = number
      default: return fail()
      }
    }
    print(Figures.head(runs: runs))
    var isMet = true
    for row in rows.isEmpty ? Workload.all : rows {
      let figures = Figures.median(try (0..<runs).map { _ in try measure(row) })
      isMet = figures.meets(row) && isMet
      print(figures.line(row))
      Machine.flush()
    }
    if isChecked, !isMet { exit(1) }
  }

  private static func row(_ name: String?) -> Workload? { Workload.all.first { $0.name == name } }

  private static func fail() {
    print(usage)
    exit(64)
  }

  private static func child(_ row: Workload) async throws {
    let start = (Machine.processorTime, ContinuousClock.now)
    try await row.perform()
    let wall = start.1.duration(to: .now) / .seconds(1)
    print(wall, (Machine.processorTime - start.0) / 1e6, Machine.peakMemory)
  }

  private static func measure(_ row: Workload) throws -> Figures {
    let child = try ChildProcess(Machine.executable, ["--child", row.name])
    let figures = (child.line() ?? "").split(separator: " ").compactMap { Double($0) }
    _ = try child.finish()
    guard figures.count == 3 else { throw ChildProcess.Failure(description: "\(row.name): no figures") }
    return Figures(wall: figures[0], processor: figures[1], memory: figures[2])
  }
}
