import AsyncHTTPClient
import BenchmarkSystem
import NIOCore
import TurnoutCore

enum Side: String, Sendable {
  case turnout
  /// By hand, the client as it comes.
  case floor
  /// By hand, the client with the settings that Turnout gives it.
  case tuned
}

/// What one run of a row took.
struct Measurement: Sendable {
  /// Microseconds of processor time for one unit.
  var processor: Double
  /// Seconds by the clock.
  var wall: Double
  /// MiB at the most.
  var memory: Double

  /// The middle of several, each figure by itself.
  static func median(_ all: [Measurement]) -> Measurement {
    func middle(_ figure: (Measurement) -> Double) -> Double { all.map(figure).sorted()[all.count / 2] }
    return Measurement(processor: middle { $0.processor }, wall: middle { $0.wall }, memory: middle { $0.memory })
  }
}

/// The side of the child process: does the work of one row and prints what it took.
enum Child {
  static func measure(_ row: Row, _ side: Side, port: Int) async throws {
    // One of its kind first, so that what happens once in a process is not counted here but in the cold start.
    try await work(
      Row(name: row.name, title: "", work: row.work, count: 1, inFlight: 1, plan: "d0-n200-g0"), side, port)
    let requests = try await counted(port)
    let start = (Machine.processorTime, ContinuousClock.now)
    try await work(row, side, port)
    let (processor, wall) = (Machine.processorTime - start.0, start.1.duration(to: .now))
    guard try await counted(port) - requests == row.requests else { throw WrongAnswer(row: "\(row.name): requests") }
    print(processor / Double(row.units), wall.inSeconds, Machine.peakMemory)
  }

  static func cold(_ row: Row, _ side: Side, port: Int) async throws {
    try await work(row, side, port)
    print(0, 0, Machine.peakMemory)
  }

  private static func work(_ row: Row, _ side: Side, _ port: Int) async throws {
    switch side {
    case .turnout: try await TurnoutSide(port: port, plan: row.plan).run(row)
    case .floor: try await FloorSide(FloorClient.asItComes, port: port, plan: row.plan).run(row)
    case .tuned: try await FloorSide(FloorClient.tuned, port: port, plan: row.plan).run(row)
    }
  }

  private static func counted(_ port: Int) async throws -> Int {
    let response = try await HTTPClient.shared.execute(
      .init(url: "http://127.0.0.1:\(port)/count"), timeout: .seconds(10))
    let body = try await response.body.collect(upTo: 1_024)
    return body.withUnsafeReadableBytes { Int(String(decoding: $0, as: UTF8.self)) ?? -1 }
  }
}

/// The side of the first process: starts a fresh child for each measurement.
struct Bench {
  let program: String
  let port: Int

  func measure(_ row: Row, _ side: Side) throws -> Measurement {
    let start = ContinuousClock.now
    let child = try ChildProcess(program, ["--child", row.name, side.rawValue, String(port)])
    let line = child.line()
    let processor = try child.finish()
    let wall = start.duration(to: .now).inSeconds
    let figures = (line ?? "").split(separator: " ").compactMap { Double($0) }
    guard figures.count == 3 else { throw ChildProcess.Failure(description: "\(row.name) \(side): no figures") }
    if case .cold = row.work { return Measurement(processor: processor, wall: wall, memory: figures[2]) }
    return Measurement(processor: figures[0], wall: figures[1], memory: figures[2])
  }
}
