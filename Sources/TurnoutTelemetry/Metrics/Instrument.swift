import Metrics

/// A metric of swift-metrics of the type that its samples need.
enum Instrument: Sendable {
  case counter(Counter)
  case timer(Timer)
  case recorder(Recorder)

  init(for sample: MetricSample, factory: any MetricsFactory) {
    let name = sample.metric.name
    let dimensions = sample.metric.dimensions.map { ($0.name, $0.value) }
    self =
      switch sample.amount {
      case .count: .counter(Counter(label: name, dimensions: dimensions, factory: factory))
      case .duration: .timer(Timer(label: name, dimensions: dimensions, factory: factory))
      case .number: .recorder(Recorder(label: name, dimensions: dimensions, aggregate: true, factory: factory))
      }
  }

  func record(_ amount: MetricSample.Amount) {
    switch (self, amount) {
    case (.counter(let counter), .count(let count)): counter.increment(by: count)
    case (.timer(let timer), .duration(let duration)): timer.recordNanoseconds(duration.inNanoseconds)
    case (.recorder(let recorder), .number(let number)): recorder.record(number)
    default: break
    }
  }
}
