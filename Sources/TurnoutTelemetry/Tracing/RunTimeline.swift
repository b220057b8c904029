import Tracing

/// Puts times of a run, which count from its beginning, on the calendar.
struct RunTimeline {
  private let start: UInt64

  init(startingAt start: some TracerInstant) { self.start = start.nanosecondsSinceEpoch }

  /// The instant of a time of the run; times that do not fit are the latest there is.
  func instant(_ time: Duration) -> DefaultTracerClock.Timestamp {
    let (nanoseconds, overflow) = start.addingReportingOverflow(UInt64(time.inNanoseconds))
    return DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: overflow ? .max : nanoseconds)
  }
}
