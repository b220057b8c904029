import TurnoutTestServer

typealias LoopbackServer = ModelServer
typealias CapturedRequest = ServedRequest

/// Runs a body beside a server that answers each request by a script, given the request and how many came before.
@discardableResult
func withServer<Result: Sendable>(
  _ script: @escaping @Sendable (CapturedRequest, Int) -> Reply, _ body: (LoopbackServer) async throws -> Result
) async throws -> Result {
  try await ModelServer.serve(raw: { script($0, $1).raw }, body)
}

/// Runs a body beside a server that gives these replies in order, and the last one for every request after them.
@discardableResult
func withServer<Result: Sendable>(
  _ replies: Reply..., body: (LoopbackServer) async throws -> Result
) async throws -> Result {
  let last = Reply(status: 500)
  return try await withServer({ _, index in index < replies.count ? replies[index] : replies.last ?? last }, body)
}
