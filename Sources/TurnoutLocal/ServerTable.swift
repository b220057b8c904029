/// Which servers are starting or running, and who waits for them: a value, so that its races are tested without any.
///
/// `Waiter` is whoever is to be told, a continuation in ``LocalServers``.
struct ServerTable<Waiter> {
  /// Tells one start of a server from the next one of the same model.
  struct Ticket: Hashable, Sendable {
    let model: LocalModel
    let number: Int
  }

  enum Asked {
    case running(LocalEndpoint)
    case wait
    case start(Ticket)
    case closed
  }

  private enum State {
    case starting([(id: Int, waiter: Waiter)])
    case running(LocalEndpoint)
  }

  private var entries: [LocalModel: (ticket: Ticket, state: State)] = [:]
  private var starts = 0
  private(set) var isClosed = false

  /// Somebody wants the model: the first one also has to start it.
  mutating func ask(for model: LocalModel, id: Int, waiter: () -> Waiter) -> Asked {
    if isClosed { return .closed }
    switch entries[model]?.state {
    case .running(let endpoint):
      return .running(endpoint)
    case .starting(let waiters):
      entries[model]?.state = .starting(waiters + [(id, waiter())])
      return .wait
    case nil:
      starts += 1
      let ticket = Ticket(model: model, number: starts)
      entries[model] = (ticket, .starting([(id, waiter())]))
      return .start(ticket)
    }
  }

  /// The server answers: these are to be told.
  mutating func ready(_ ticket: Ticket, at endpoint: LocalEndpoint) -> [Waiter] {
    guard let entry = entries[ticket.model], entry.ticket == ticket, case .starting(let waiters) = entry.state else {
      return []
    }
    entries[ticket.model]?.state = .running(endpoint)
    return waiters.map(\.waiter)
  }

  /// The server is gone: these waited in vain, and the next one to ask starts it anew.
  mutating func ended(_ ticket: Ticket) -> [Waiter] {
    guard let entry = entries[ticket.model], entry.ticket == ticket else { return [] }
    entries[ticket.model] = nil
    if case .starting(let waiters) = entry.state { return waiters.map(\.waiter) }
    return []
  }

  /// One of those who wait does so no longer; the start goes on for the others.
  mutating func leave(_ model: LocalModel, id: Int) -> Waiter? {
    guard let entry = entries[model], case .starting(let waiters) = entry.state else { return nil }
    entries[model]?.state = .starting(waiters.filter { $0.id != id })
    return waiters.first { $0.id == id }?.waiter
  }

  /// Nothing is started any more; these waited in vain.
  mutating func close() -> [Waiter] {
    isClosed = true
    let waiters = entries.values.flatMap { entry -> [Waiter] in
      if case .starting(let waiters) = entry.state { return waiters.map(\.waiter) }
      return []
    }
    entries = [:]
    return waiters
  }
}
