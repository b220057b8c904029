/// The local model servers of this process: each is started when it is first asked for, and shared.
///
/// ```swift
/// let servers = LocalServers()
/// let endpoint = try await servers.endpoint(for: .embeddings)
/// // … POST \(endpoint.baseURL)/embeddings with endpoint.token …
/// await servers.shutdown()
/// ```
///
/// The servers listen on this machine only and answer only to their token. They end with ``shutdown()``, when this
/// object goes away, and with the process, however it ends.
public actor LocalServers {
  private typealias Table = ServerTable<CheckedContinuation<LocalEndpoint, any Error>>

  private let launch: @Sendable (LocalModel) throws -> ServerLaunch
  private var table = Table()
  private var tasks: [Table.Ticket: Task<Void, Never>] = [:]
  private var callers = 0

  /// Servers that run from an installation, by default the one that is found.
  public init(
    installation: LocalInstallation? = .find(),
    settings: LocalServerSettings = LocalServerSettings()
  ) {
    self.init { model in
      guard let installation, installation.isComplete else {
        throw LocalModelError.notInstalled(in: installation?.folder)
      }
      return ServerLaunch(model, in: installation, settings: settings)
    }
  }

  /// Servers that are started in another way, for tests.
  init(launch: @escaping @Sendable (LocalModel) throws -> ServerLaunch) {
    self.launch = launch
  }

  deinit {
    for task in tasks.values { task.cancel() }
  }

  /// Where `model` answers; starts its server when there is none, or when it has died.
  ///
  /// Callers at the same time share one start. The server has answered with its token before this returns.
  ///
  /// - Throws: ``LocalModelError``, or `CancellationError` when the calling task was cancelled.
  public func endpoint(for model: LocalModel) async throws -> LocalEndpoint {
    callers += 1
    let caller = callers
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        if Task.isCancelled {
          continuation.resume(throwing: CancellationError())
          return
        }
        switch table.ask(for: model, id: caller, waiter: { continuation }) {
        case .running(let endpoint): continuation.resume(returning: endpoint)
        case .closed: continuation.resume(throwing: LocalModelError.shutDown)
        case .start(let ticket): start(ticket)
        case .wait: break
        }
      }
    } onCancel: {
      Task { await self.leave(model, caller) }
    }
  }

  /// Ends all servers and returns when they have ended. Nothing can be asked for afterwards.
  public func shutdown() async {
    for waiter in table.close() { waiter.resume(throwing: LocalModelError.shutDown) }
    let running = tasks
    tasks = [:]
    for task in running.values { task.cancel() }
    for task in running.values { await task.value }
  }

  private func start(_ ticket: Table.Ticket) {
    let launch: ServerLaunch
    do {
      launch = try self.launch(ticket.model)
    } catch {
      for waiter in table.ended(ticket) { waiter.resume(throwing: error) }
      return
    }
    // It belongs to no caller: the first one may be cancelled while others wait. It ends in `shutdown` or `deinit`.
    tasks[ticket] = Task { [weak self] in
      let end = await ServerProcess.run(ticket.model, launch: launch) { [weak self] endpoint in
        await self?.ready(ticket, at: endpoint)
      }
      await self?.ended(ticket, end)
    }
  }

  private func ready(_ ticket: Table.Ticket, at endpoint: LocalEndpoint) {
    for waiter in table.ready(ticket, at: endpoint) { waiter.resume(returning: endpoint) }
  }

  private func ended(_ ticket: Table.Ticket, _ reason: LocalModelError) {
    tasks[ticket] = nil
    for waiter in table.ended(ticket) { waiter.resume(throwing: reason) }
  }

  private func leave(_ model: LocalModel, _ caller: Int) {
    table.leave(model, id: caller)?.resume(throwing: CancellationError())
  }
}
