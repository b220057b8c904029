import Synchronization
import TurnoutCore

/// Keeps the JSON of the last few schemas: an agent asks for the same shape again and again.
final class SchemaTexts: Sendable {
  /// The forms in which a schema goes over the wire.
  enum Form {
    case plain, wrapped, strict
  }

  private struct Entry {
    let schema: Schema
    let form: Form
    let text: [UInt8]
  }

  private let entries = Mutex<[Entry]>([])
  private static let kept = 16

  /// A schema as JSON text.
  func text(of schema: Schema, as form: Form) -> [UInt8] {
    let known = entries.withLock { $0.first { $0.form == form && $0.schema == schema }?.text }
    if let known { return known }
    var writer = JSONWriter(reservingCapacity: 512)
    switch form {
    case .plain: writer.value(schema.jsonSchema)
    case .wrapped: writer.value(schema.wrappedJSONSchema)
    case .strict: writer.value(schema.strictJSONSchema)
    }
    let entry = Entry(schema: schema, form: form, text: writer.bytes)
    entries.withLock { entries in
      if entries.count >= Self.kept { entries.removeFirst() }
      entries.append(entry)
    }
    return entry.text
  }
}
