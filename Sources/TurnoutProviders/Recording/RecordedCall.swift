import TurnoutCore

/// One call of a model as a recording keeps it: what was asked, and how it ended.
struct RecordedCall: Sendable {
  enum Kind: String, Sendable {
    case answer, embeddings, exampleEmbeddings = "example_embeddings", decision
  }

  enum Ending: Sendable {
    case response(Value)
    case error(Value)
    /// Whoever asked did not want the answer any more.
    case cancelled
  }

  let kind: Kind
  /// What the model is called by whoever asks for it, which need not be its own name.
  let model: String
  /// The model's own name.
  let name: String
  /// What the model says of itself.
  let traits: Value
  let request: Value
  /// The pieces of the text as they arrived; nil when nobody wanted them.
  var pieces: [String]?
  /// What was counted beside what the response says.
  var usage = Usage.none
  var ending = Ending.cancelled

  init(_ kind: Kind, model: String, name: String, traits: Value, request: Value) {
    self.kind = kind
    self.model = model
    self.name = name
    self.traits = traits
    self.request = request
  }

  /// A name for what was asked, the same for the same request on every machine.
  var fingerprint: String {
    var hash = StableHash(kind.rawValue.utf8)
    hash.addBorder()
    hash.add(model.utf8)
    hash.addBorder()
    hash.add(request.json().utf8)
    let digits = String(hash.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  var value: Value {
    var object: ValueObject = [
      "turnout_recording": 1, "kind": .string(kind.rawValue), "model": .string(model), "name": .string(name),
      "traits": traits, "request": request,
    ]
    object["pieces"] = pieces.map { .array($0.map { .string($0) }) }
    if usage != .none { object["usage"] = usage.value }
    switch ending {
    case .response(let value): object["response"] = value
    case .error(let value): object["error"] = value
    case .cancelled: object["cancelled"] = true
    }
    return .object(object)
  }

  /// - Throws: ``RecordingError`` for a value that is no recording.
  init(_ value: Value, from file: String) throws {
    guard value["turnout_recording"] == 1 else {
      throw RecordingError.unusable(file, "it is no recording of this version")
    }
    guard let kind = value["kind"]?.string.flatMap(Kind.init), let model = value["model"]?.string,
      let request = value["request"]
    else { throw RecordingError.unusable(file, "a recording has a kind, a model and a request") }
    self.init(
      kind, model: model, name: value["name"]?.string ?? model, traits: value["traits"] ?? .null, request: request)
    pieces = value["pieces"]?.array?.map(\.text)
    if let usage = value["usage"] {
      do { self.usage = try Usage(value: usage) } catch {
        throw RecordingError.unusable(file, RunFailure(error).message)
      }
    }
    if let response = value["response"] { ending = .response(response) }
    if let error = value["error"] { ending = .error(error) }
  }

  /// The call as a file's text: indented, but with lists of numbers in one line.
  var text: String { Self.pretty(value, "") + "\n" }

  private static func pretty(_ value: Value, _ indent: String) -> String {
    let inner = indent + "  "
    switch value {
    case .array(let elements) where !elements.allSatisfy({ $0.double != nil }):
      let lines = elements.map { inner + pretty($0, inner) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let object) where !object.isEmpty:
      let lines = object.map { inner + Value.string($0.key).json() + ": " + pretty($0.value, inner) }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(indent)}"
    default: return value.json()
    }
  }
}
