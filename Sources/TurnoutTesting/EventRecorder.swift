import Synchronization
public import TurnoutCore

/// Keeps every event of a run, to be looked at afterwards.
///
/// ```swift
/// let recorder = EventRecorder()
/// _ = try await Run(sinks: [recorder]).perform(step, input)
/// recorder.events.map(\.path.description)
/// ```
public final class EventRecorder: RunEventSink {
  public let wantsText: Bool
  private let recorded = Mutex<[RunEvent]>([])

  /// A recorder, of streamed text too unless it says otherwise.
  public init(wantsText: Bool = true) { self.wantsText = wantsText }

  /// The events so far, in the order in which they came.
  public var events: [RunEvent] { recorded.withLock { $0 } }

  /// The streamed text so far, all pieces together.
  public var text: String {
    events.map { if case .text(let text) = $0.kind { text } else { "" } }.joined()
  }

  public func receive(_ event: RunEvent) async { recorded.withLock { $0.append(event) } }
}
