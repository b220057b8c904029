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
    let unions: Int
  }

  private let entries = Mutex<[Entry]>([])
  private static let kept = 16

  /// A schema as JSON text.
  func text(of schema: Schema, as form: Form) -> [UInt8] { entry(schema, form).text }

  /// How many places of a schema may hold one of several types.
  func unions(in schema: Schema, as form: Form) -> Int { entry(schema, form).unions }

  private static func unions(_ value: Value) -> Int {
    switch value {
    case .array(let elements): return elements.reduce(0) { $0 + unions($1) }
    case .object(let object):
      let isUnion = object["anyOf"]?.array != nil || object["type"]?.array != nil
      return object.reduce(isUnion ? 1 : 0) { $0 + unions($1.value) }
    default: return 0
    }
  }

  private func entry(_ schema: Schema, _ form: Form) -> Entry {
    let known = entries.withLock { $0.first { $0.form == form && $0.schema == schema } }
    if let known { return known }
    let value =
      switch form {
      case .plain: schema.jsonSchema
      case .wrapped: schema.wrappedJSONSchema
      case .strict: schema.strictJSONSchema
      }
    var writer = JSONWriter(reservingCapacity: 512)
    writer.value(value)
    let entry = Entry(schema: schema, form: form, text: writer.bytes, unions: Self.unions(value))
    entries.withLock { entries in
      if entries.count >= Self.kept { entries.removeFirst() }
      entries.append(entry)
    }
    return entry
  }
}
