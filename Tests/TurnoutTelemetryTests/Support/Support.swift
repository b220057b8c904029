import InMemoryLogging
import InMemoryTracing
import Logging
import Tracing
import TurnoutCore
import TurnoutTesting

/// Stands where a person's or a model's words stand; nothing that leaves the program may contain it.
let canary = "canary-4711 said in confidence"

/// An error with a label of its own, whose message quotes what should stay inside.
struct Broken: LabelledError {
  let label: String
  let description: String

  init(_ label: String = "malformed", _ description: String = canary) {
    self.label = label
    self.description = description
  }
}

extension InMemoryLogHandler {
  /// A handler that keeps everything down to a level, and a logger that writes to it.
  static func keeping(_ level: Logger.Level) -> (InMemoryLogHandler, Logger) {
    var handler = InMemoryLogHandler()
    handler.logLevel = level
    let fixed = handler
    return (handler, Logger(label: "test") { _ in fixed })
  }

  /// Level, message and path of every entry, a line each.
  var lines: [String] { entries.map { "\($0.level) \($0.message): \($0["path"] ?? "")" } }

  /// The entries with a message.
  func entries(_ message: String) -> [Entry] { entries.filter { $0.message.description == message } }
}

extension InMemoryLogHandler.Entry {
  subscript(key: String) -> String? { metadata[key].map { "\($0)" } }

  /// Everything that is written, as one text.
  var text: String { "\(message) \(metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })" }
}

extension InMemoryTracer {
  /// The finished span of a path; the first where there are several.
  func span(_ path: String) -> FinishedInMemorySpan? { finishedSpans.first { $0.text("turnout.path") == path } }

  /// Every finished span as `child < parent`, by the paths, in order of the paths.
  var tree: [String] {
    let paths = Dictionary(finishedSpans.map { ($0.spanID, $0.text("turnout.path") ?? "?") }) { first, _ in first }
    return finishedSpans.map { span in
      "\(span.text("turnout.path") ?? "?") < \(span.parentSpanID.map { paths[$0] ?? "unknown" } ?? "nothing")"
    }.sorted()
  }
}

extension FinishedInMemorySpan {
  func text(_ key: String) -> String? {
    if case .string(let text) = attributes.get(key) { text } else { nil }
  }

  func number(_ key: String) -> Int? {
    if case .int64(let number) = attributes.get(key) { Int(number) } else { nil }
  }

  /// The names of all attributes in order.
  var keys: [String] {
    var keys: [String] = []
    attributes.forEach { key, _ in keys.append(key) }
    return keys.sorted()
  }

  /// When it began and ended, in milliseconds since the day given to the sink.
  var milliseconds: [Int] {
    [startInstant, endInstant].map {
      Int($0.millisecondsSinceEpoch) - Int(DefaultTracerClock.Timestamp.someday.millisecondsSinceEpoch)
    }
  }

  /// Everything that is recorded, as one text.
  var everything: String {
    var parts = [operationName, "\(String(describing: status))"]
    attributes.forEach { parts.append("\($0)=\($1)") }
    for event in events {
      parts.append(event.name)
      event.attributes.forEach { parts.append("\($0)=\($1)") }
    }
    for recorded in errors {
      parts.append("\(recorded.error) \(String(reflecting: recorded.error)) \(recorded.attributes)")
    }
    return parts.joined(separator: " ")
  }
}

extension TracerInstant where Self == DefaultTracerClock.Timestamp {
  /// A fixed day.
  static var someday: Self { Self(nanosecondsSinceEpoch: 1_700_000_000_000_000_000) }
}
