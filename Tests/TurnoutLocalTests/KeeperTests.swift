import Foundation
import Subprocess
import Testing

@testable import TurnoutLocal

/// The keeper, with a stand-in for the model server.
@Suite(.timeLimit(.minutes(3)))
struct KeeperTests {
  /// Runs a keeper; `body` gets the endpoint and may end the keeper's standard input.
  private func withKeeper(
    _ launch: ServerLaunch,
    _ body: (LocalEndpoint, Execution<CustomWriteInput, SequenceOutput, StringOutput<UTF8>>) async throws -> Void
  ) async throws -> (status: TerminationStatus, last: KeeperReport?) {
    let environment = keyed(try launch.environment(from: ProcessInfo.processInfo.environment))
    let result = try await Subprocess.run(
      .name("python3"), arguments: Arguments(launch.arguments), environment: .custom(environment),
      input: .inputWriter, output: .sequence, error: .string(limit: 65_536)
    ) { execution in
      var last: KeeperReport?
      for try await line in execution.standardOutput.strings() {
        last = KeeperReport(line: line)
        if case .ready(let port, let token) = last {
          try await body(LocalEndpoint(port: port, token: token), execution)
        }
      }
      return last
    }
    #expect(result.standardError == "")
    return (result.terminationStatus, result.closureResult)
  }

  @Test("the keeper and its server end when standard input ends")
  func endOfInput() async throws {
    let end = try await withKeeper(StandIn.launch()) { endpoint, keeper in
      try await untilGone(endpoint) {
        try await keeper.standardInputWriter.finish()
      }
    }
    #expect(end.status == .exited(0))
  }

  @Test("a server that hangs is ended as well")
  func hangingServer() async throws {
    // It stops itself after the two questions that the keeper asks.
    let server = StandIn.source(after: "answers == 2 and os.kill(os.getpid(), signal.SIGSTOP)")
    let end = try await withKeeper(StandIn.launch(server: server)) { endpoint, keeper in
      try await untilGone(endpoint) {
        try await keeper.standardInputWriter.finish()
      }
    }
    #expect(end.status == .exited(0))
  }

  @Test("the keeper obeys SIGTERM and takes the server with it")
  func terminated() async throws {
    let end = try await withKeeper(StandIn.launch()) { endpoint, keeper in
      try await untilGone(endpoint) { try keeper.send(signal: .terminate) }
    }
    #expect(end.status == .exited(0))
  }

  @Test("a server ends by itself when its keeper is killed")
  func killedKeeper() async throws {
    let end = try await withKeeper(StandIn.launch()) { endpoint, keeper in
      try await untilGone(endpoint) { try keeper.send(signal: .kill) }
    }
    #expect(end.status == .signaled(9))
  }

  @Test("keeper and server end when their owner is killed by SIGKILL")
  func killedOwner() async throws {
    let launch = StandIn.launch()
    // The owner: it starts a keeper as this library does, passes its line on, and waits for nothing.
    let owner = """
      import os,subprocess,sys
      keeper=subprocess.Popen(["python3"]+sys.argv[1:],stdin=subprocess.PIPE,stdout=subprocess.PIPE)
      print(keeper.stdout.readline().decode(),end="",flush=True)
      keeper.wait()
      """
    let environment = keyed(try launch.environment(from: ProcessInfo.processInfo.environment))
    let result = try await Subprocess.run(
      .name("python3"), arguments: Arguments(["-I", "-c", owner] + launch.arguments),
      environment: .custom(environment), input: .none, output: .sequence, error: .string(limit: 65_536)
    ) { execution in
      for try await line in execution.standardOutput.strings() {
        guard case .ready(let port, let token) = KeeperReport(line: line) else { throw Unexpected(text: line) }
        try await untilGone(LocalEndpoint(port: port, token: token)) { try execution.send(signal: .kill) }
      }
    }
    #expect(result.terminationStatus == .signaled(9))
  }

  @Test("two keepers at once do not disturb each other")
  func twoAtOnce() async throws {
    _ = try await withKeeper(StandIn.launch(.chat)) { first, firstKeeper in
      _ = try await withKeeper(StandIn.launch(.embeddings)) { second, secondKeeper in
        #expect(first.baseURL != second.baseURL)
        #expect(first.token != second.token)
        #expect(try await fetch(second, "/models", token: first.token).status == 401)
        try await untilGone(second) { try await secondKeeper.standardInputWriter.finish() }
      }
      #expect(try await fetch(first, "/models").status == 200)
      try await firstKeeper.standardInputWriter.finish()
    }
  }

  @Test("a server that lets everybody in is not used", arguments: ["True", "False"])
  func wrongServer(check: String) async throws {
    let end = try await withKeeper(StandIn.launch(server: StandIn.source(check: check))) { _, _ in
      Issue.record("a server was reported")
    }
    #expect(end.status == .exited(1))
    #expect(end.last == .failed("the server did not answer its own token"))
  }

  @Test("a server that cannot start is reported with its last line")
  func brokenServer() async throws {
    let server = StandIn.source(before: "print('first', file=sys.stderr); sys.exit('no such model')")
    let end = try await withKeeper(StandIn.launch(server: server)) { _, _ in Issue.record("a server was reported") }
    #expect(end.last == .failed("no such model"))
  }

  @Test("a server that says nothing sensible is ended")
  func senselessServer() async throws {
    let server = "import time; print('listening', flush=True); time.sleep(1000)"
    let end = try await withKeeper(StandIn.launch(server: server, startLimit: 60)) { _, _ in }
    guard case .failed = end.last else { throw Unexpected(text: "\(end)") }
  }

  @Test("a server that does not answer in time is ended, and its last line told")
  func slowServer() async throws {
    let server = "import sys,time; print('loading', file=sys.stderr, flush=True); time.sleep(1000)"
    let end = try await withKeeper(StandIn.launch(server: server, startLimit: 0.5)) { _, _ in }
    guard case .failed(let reason) = end.last else { throw Unexpected(text: "\(end)") }
    #expect(reason.hasPrefix("no answer within 0.5 s"))
  }

  @Test("of the environment only harmless names reach a server")
  func environment() async throws {
    let launch = StandIn.launch()
    let own = ["PATH": "/bin", "OPENAI_API_KEY": "secret", "HOME": "/home/me", "PYTHONPATH": "/tmp"]
    #expect(try launch.environment(from: own).keys.sorted() == ["HOME", "PATH", "TURNOUT_LAUNCH"])
    _ = try await withKeeper(launch) { endpoint, keeper in
      let answer = try await fetch(endpoint, "/models")
      #expect(!answer.body.contains("TURNOUT_LAUNCH"))
      #expect(answer.body.contains("PATH"))
      try await keeper.standardInputWriter.finish()
    }
  }

  @Test(
    "only a line of the agreed form is a report",
    arguments: [
      "", "hello", "[]", "{}", #"{"port": 0, "token": "a"}"#, #"{"port": 70000, "token": "a"}"#,
      #"{"port": 80}"#, #"{"port": 80, "token": ""}"#, #"{"port": "80", "token": "a"}"#,
    ])
  func noReport(line: String) {
    #expect(KeeperReport(line: line) == nil)
  }

  @Test("reports are understood")
  func report() {
    #expect(KeeperReport(line: #"{"port": 80, "token": "a", "pid": 7}"#) == .ready(port: 80, token: "a"))
    #expect(KeeperReport(line: #"{"error": "why"}"#) == .failed("why"))
  }
}
