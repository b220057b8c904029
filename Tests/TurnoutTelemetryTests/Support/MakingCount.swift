import CoreMetrics
import Synchronization

/// Counts how many metrics are made.
final class MakingCount: MetricsFactory {
  private let made = Mutex(0)

  var count: Int { made.withLock { $0 } }

  func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler { one() }
  func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler { one() }
  func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler { one() }
  func destroyCounter(_ handler: any CounterHandler) {}
  func destroyRecorder(_ handler: any RecorderHandler) {}
  func destroyTimer(_ handler: any TimerHandler) {}

  private func one() -> NOOPMetricsHandler {
    made.withLock { $0 += 1 }
    return .instance
  }
}
