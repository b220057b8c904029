import Synchronization
import Testing
import TurnoutCore

@testable import TurnoutProviders

@Suite struct DeltaBatchTests {
  private struct Stop: Error {}

  private func passed(_ batch: DeltaBatch) async throws -> [ModelDelta] {
    let all = Mutex<[ModelDelta]>([])
    try await batch.pass { delta in all.withLock { $0.append(delta) } }
    return all.withLock { $0 }
  }

  @Test func piecesOfOneKindAreOnePieceInTheirOrder() async throws {
    var batch = DeltaBatch()
    #expect(try await passed(batch) == [])
    for piece in ["a", "", "b"] { batch.add(text: piece) }
    #expect(try await passed(batch) == [.text("ab")])
    for piece in ["c", "d"] { batch.add(thinking: piece) }
    batch.add(text: "")
    batch.add(thinking: "e")
    batch.add(text: "f")
    #expect(try await passed(batch) == [.text("ab"), .thinking("cde"), .text("f")])
  }

  @Test func whatTheReceiverThrowsEndsIt() async {
    var batch = DeltaBatch()
    batch.add(thinking: "a")
    batch.add(text: "b")
    let seen = Mutex(0)
    let error = await #expect(throws: HTTPTransport.ReceiverError.self) {
      try await batch.pass { _ in
        seen.withLock { $0 += 1 }
        throw Stop()
      }
    }
    #expect(error?.error is Stop)
    #expect(seen.withLock { $0 } == 1)
  }
}
