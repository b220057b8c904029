import Foundation
import Testing

@testable import TurnoutLocal

/// The servers of a process, with a stand-in for the model server.
@Suite(.timeLimit(.minutes(3)))
struct LocalServersTests {
  @Test("callers at the same time share one start")
  func sharedStart() async throws {
    try await withFolder { folder in
      // One line for each start.
      let server = StandIn.source(before: "open('\(folder)/starts','a').write('x')")
      let servers = LocalServers { StandIn.launch($0, server: server) }
      let endpoints = try await withThrowingTaskGroup(of: LocalEndpoint.self) { group in
        for _ in 0..<50 { group.addTask { try await servers.endpoint(for: .chat) } }
        return try await group.reduce(into: Set<LocalEndpoint>()) { $0.insert($1) }
      }
      #expect(endpoints.count == 1)
      #expect(try String(contentsOfFile: "\(folder)/starts", encoding: .utf8) == "x")
      await servers.shutdown()
    }
  }

  @Test("each model has its own server")
  func separateModels() async throws {
    let servers = LocalServers { StandIn.launch($0) }
    async let chat = servers.endpoint(for: .chat)
    async let embeddings = servers.endpoint(for: .embeddings)
    async let own = servers.endpoint(for: .chat(gguf: "/models/own.gguf"))
    #expect(Set(try await [chat, embeddings, own]).count == 3)
    #expect(try await fetch(own, "/models").body.contains("/models/own.gguf"))
    await servers.shutdown()
  }

  @Test("a wrong token is refused")
  func wrongToken() async throws {
    let servers = LocalServers { StandIn.launch($0) }
    let endpoint = try await servers.endpoint(for: .chat)
    #expect(try await fetch(endpoint, "/models").status == 200)
    #expect(try await fetch(endpoint, "/models", token: "guess").status == 401)
    #expect(!"\(endpoint)".contains(endpoint.token))
    await servers.shutdown()
  }

  @Test("a server that died is started again")
  func restart() async throws {
    // Killed by its own hand at the third question; the keeper asked the first two.
    let server = StandIn.source(after: "answers == 3 and os._exit(3)")
    let servers = LocalServers { StandIn.launch($0, server: server) }
    let first = try await servers.endpoint(for: .chat)
    _ = try? await fetch(first, "/models")
    // The end is noticed as soon as the keeper has told it, and not by asking.
    var second = try await servers.endpoint(for: .chat)
    while second == first {
      await Task.yield()
      second = try await servers.endpoint(for: .chat)
    }
    #expect(try await fetch(second, "/models").status == 200)
    await servers.shutdown()
  }

  @Test("a failed start is told to all who wait, and the next call tries again")
  func failedStart() async throws {
    try await withFolder { folder in
      let once = "os.path.exists('\(folder)/tried') or (open('\(folder)/tried','w').close(), sys.exit('first try'))"
      let servers = LocalServers { StandIn.launch($0, server: StandIn.source(before: once)) }
      let error = await #expect(throws: LocalModelError.self) { try await servers.endpoint(for: .chat) }
      #expect(error?.code == .serverFailed)
      #expect(error?.description == "the local server for SmolLM2-135M-Instruct failed: first try")
      _ = try await servers.endpoint(for: .chat)
      await servers.shutdown()
    }
  }

  @Test("whoever is cancelled stops waiting, and the others get the server")
  func cancelledCaller() async throws {
    try await withFolder { folder in
      // Held back by a pipe that the test opens once the cancelled caller has left.
      let gate = "\(folder)/gate"
      _ = try await CommandRunner.run(arguments: ["mkfifo", gate], in: "/", timeout: .seconds(120), outputLimit: 100)
      let servers = LocalServers { StandIn.launch($0, server: StandIn.source(before: "open('\(gate)').read()")) }
      let first = Task { try await servers.endpoint(for: .chat) }
      let second = Task { try await servers.endpoint(for: .chat) }
      first.cancel()
      await #expect(throws: CancellationError.self) { try await first.value }
      _ = try await python("open(__import__('sys').argv[1],'w').close()", gate)
      #expect(try await fetch(try await second.value, "/models").status == 200)
      await servers.shutdown()
    }
  }

  @Test("shutdown returns when the servers have ended, and nothing starts afterwards")
  func shutdown() async throws {
    let servers = LocalServers { StandIn.launch($0) }
    let endpoint = try await servers.endpoint(for: .embeddings)
    try await untilGone(endpoint) { await servers.shutdown() }
    await #expect(throws: LocalModelError.shutDown) { try await servers.endpoint(for: .embeddings) }
    await servers.shutdown()
  }

  @Test("shutdown in the middle of a start releases whoever waits")
  func shutdownWhileStarting() async throws {
    let servers = LocalServers { StandIn.launch($0, server: "import time; time.sleep(1000)") }
    let caller = Task { try await servers.endpoint(for: .chat) }
    // Whichever comes first, the caller hears that it was shut down.
    await servers.shutdown()
    await #expect(throws: LocalModelError.shutDown) { try await caller.value }
  }

  @Test("servers end when nobody holds them any more")
  func released() async throws {
    var servers: LocalServers? = LocalServers { StandIn.launch($0) }
    let endpoint = try #require(try await servers?.endpoint(for: .chat))
    try await untilGone(endpoint) { servers = nil }
  }

  @Test("without an installation the error says what to do")
  func notInstalled() async throws {
    let none = LocalServers(installation: nil)
    let error = await #expect(throws: LocalModelError.self) { try await none.endpoint(for: .chat) }
    #expect(error?.code == .notInstalled)
    #expect(error?.description.contains("run `turnout models install`") == true)
    let empty = LocalServers(installation: LocalInstallation(folder: "/nowhere"))
    await #expect(throws: LocalModelError.notInstalled(in: "/nowhere")) { try await empty.endpoint(for: .chat) }
  }
}
