public import TurnoutCore

/// A request as a ``ModelServer`` got it.
public struct ServedRequest: Sendable {
  /// Its place among all requests of the server, from 1.
  public internal(set) var number = 0
  /// `GET`, `POST`.
  public let method: String
  /// The path with its query.
  public let path: String
  /// The headers in the order in which they came.
  public let headers: [(name: String, value: String)]
  /// The body.
  public internal(set) var body: [UInt8] = []
  /// The body as JSON; null when it is none.
  public internal(set) var json: Value = .null
  /// The wire it came by; nil for a path that no wire has.
  public let wire: ModelWire?
  /// What went wrong about its answer, on purpose.
  public internal(set) var fault: Fault?

  let operation: WireOperation?

  init(method: String, path: String, headers: [(name: String, value: String)]) {
    self.method = method
    self.path = path
    self.headers = headers
    let names = Set(headers.map { $0.name.lowercased() })
    (wire, operation) = WireOperation.of(path: path, headers: names) ?? (nil, nil)
  }

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }

  /// The values of a header, in whatever letters its name was written.
  public func header(_ name: String) -> [String] {
    headers.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
  }

  /// The model that is asked.
  public var model: String? {
    if let model = json["model"]?.string { return model }
    guard wire == .gemini, let start = path.firstRange(of: "/models/")?.upperBound else { return nil }
    return String(path[start...].prefix { $0 != ":" && $0 != "?" })
  }

  /// Whether the answer is wanted in pieces.
  public var isStreamed: Bool {
    wire == .gemini ? path.contains(":streamGenerateContent") : json["stream"]?.bool == true
  }

  /// The last text that a person or a program said, in whichever wire.
  public var prompt: String {
    if let input = json["input"]?.string { return input }
    let messages = json["messages"] ?? json["input"] ?? json["contents"]
    let texts = (messages?.array ?? []).filter { ($0["role"]?.string ?? "user") == "user" }.map(Self.text)
    return texts.last { !$0.isEmpty } ?? ""
  }

  /// Whether the last message is what a tool returned.
  public var hasToolResult: Bool {
    let last = (json["messages"] ?? json["input"] ?? json["contents"])?.array?.last
    if last?["role"]?.string == "tool" || last?["type"]?.string == "function_call_output" { return true }
    let parts = (last?["content"] ?? last?["parts"])?.array ?? []
    return parts.contains { $0["type"]?.string == "tool_result" || $0["functionResponse"] != nil }
  }

  /// The names of the tools that may be called.
  public var toolNames: [String] {
    (json["tools"]?.array ?? []).flatMap { tool -> [String] in
      let declared = (tool["functionDeclarations"] ?? tool["function_declarations"])?.array
      return (declared ?? [tool["function"] ?? tool]).compactMap { $0["name"]?.string }
    }
  }

  /// The texts to make vectors of.
  var embeddedTexts: [String] {
    if let text = json["input"]?.string { return [text] }
    if let texts = json["input"]?.array { return texts.map(\.text) }
    return (json["requests"]?.array ?? [json]).map { Self.text($0["content"] ?? .null) }
  }

  private static func text(_ message: Value) -> String {
    let content = message["content"] ?? message["parts"] ?? .null
    return content.string ?? (content.array ?? []).compactMap { $0["text"]?.string }.joined()
  }
}
