import Testing

@testable import TurnoutLocal

/// The table of servers, without servers: a waiter is a word.
struct ServerTableTests {
  private let endpoint = LocalEndpoint(port: 4000, token: "t")

  private func ticket(_ asked: ServerTable<String>.Asked) throws -> ServerTable<String>.Ticket {
    guard case .start(let ticket) = asked else { throw Unexpected(text: "\(asked)") }
    return ticket
  }

  @Test("the first one starts, the others wait, and all are told in order")
  func order() throws {
    var table = ServerTable<String>()
    let start = try ticket(table.ask(for: .chat, id: 1) { "a" })
    guard case .wait = table.ask(for: .chat, id: 2, waiter: { "b" }) else { throw Unexpected(text: "no wait") }
    #expect(table.ready(start, at: endpoint) == ["a", "b"])
    guard case .running(endpoint) = table.ask(for: .chat, id: 3, waiter: { "c" }) else {
      throw Unexpected(text: "not running")
    }
  }

  @Test("a second report changes nothing")
  func readyTwice() throws {
    var table = ServerTable<String>()
    let start = try ticket(table.ask(for: .chat, id: 1) { "a" })
    #expect(table.ready(start, at: endpoint) == ["a"])
    #expect(table.ready(start, at: LocalEndpoint(port: 1, token: "x")) == [])
  }

  @Test("news of an old start do not touch the new one")
  func oldNews() throws {
    var table = ServerTable<String>()
    let old = try ticket(table.ask(for: .chat, id: 1) { "a" })
    #expect(table.ended(old) == ["a"])
    let new = try ticket(table.ask(for: .chat, id: 2) { "b" })
    #expect(old != new)
    #expect(table.ready(old, at: endpoint) == [])
    #expect(table.ended(old) == [])
    #expect(table.ready(new, at: endpoint) == ["b"])
  }

  @Test("a running server that ends is started again")
  func endedWhileRunning() throws {
    var table = ServerTable<String>()
    let first = try ticket(table.ask(for: .chat, id: 1) { "a" })
    _ = table.ready(first, at: endpoint)
    #expect(table.ended(first) == [])
    _ = try ticket(table.ask(for: .chat, id: 2) { "b" })
  }

  @Test("whoever leaves is told once and never again")
  func leave() throws {
    var table = ServerTable<String>()
    let start = try ticket(table.ask(for: .chat, id: 1) { "a" })
    _ = table.ask(for: .chat, id: 2) { "b" }
    #expect(table.leave(.chat, id: 1) == "a")
    #expect(table.leave(.chat, id: 1) == nil)
    #expect(table.leave(.embeddings, id: 2) == nil)
    #expect(table.ready(start, at: endpoint) == ["b"])
    #expect(table.leave(.chat, id: 2) == nil)
  }

  @Test("models do not share")
  func models() throws {
    var table = ServerTable<String>()
    let chat = try ticket(table.ask(for: .chat, id: 1) { "a" })
    let embeddings = try ticket(table.ask(for: .embeddings, id: 2) { "b" })
    let own = try ticket(table.ask(for: .chat(gguf: "x.gguf"), id: 3) { "c" })
    #expect(Set([chat, embeddings, own]).count == 3)
    #expect(table.ended(chat) == ["a"])
    #expect(table.ready(embeddings, at: endpoint) == ["b"])
    #expect(table.ready(own, at: endpoint) == ["c"])
  }

  @Test("closed is closed")
  func close() throws {
    var table = ServerTable<String>()
    let chat = try ticket(table.ask(for: .chat, id: 1) { "a" })
    let embeddings = try ticket(table.ask(for: .embeddings, id: 2) { "b" })
    _ = table.ready(embeddings, at: endpoint)
    #expect(table.close() == ["a"])
    #expect(table.close() == [])
    guard case .closed = table.ask(for: .embeddings, id: 3, waiter: { "c" }) else { throw Unexpected(text: "open") }
    #expect(table.ready(chat, at: endpoint) == [])
    #expect(table.ended(embeddings) == [])
    #expect(table.leave(.chat, id: 1) == nil)
  }
}
