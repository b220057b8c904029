/// One message of a conversation with a model.
public enum Message: Sendable, Hashable {
  /// What the model is and how it should behave.
  case system(String)
  /// What the person or the program asks.
  case user(String)
  /// What the model answered: text, calls of tools, or both.
  case assistant(String, toolCalls: [ToolCall] = [])
  /// What a tool returned for one of the model's calls.
  case toolResult(ToolResult)
}

/// A model's wish to call a tool.
public struct ToolCall: Sendable, Hashable {
  /// The model's name for this call, repeated with the result.
  public var id: String
  /// The tool's name.
  public var name: String
  /// The arguments as the model wrote them: JSON text, not yet checked.
  public var arguments: String

  /// A call.
  public init(id: String, name: String, arguments: String) {
    self.id = id
    self.name = name
    self.arguments = arguments
  }
}

/// What a tool returned.
public struct ToolResult: Sendable, Hashable {
  /// The id of the call.
  public let callID: String
  /// The tool's name.
  public let name: String
  /// What it returned, or what went wrong.
  public let content: String

  /// A result.
  public init(callID: String, name: String, content: String) {
    self.callID = callID
    self.name = name
    self.content = content
  }
}

/// What a model is told about a tool.
public struct ToolDescription: Sendable, Hashable {
  /// The name the model calls it by.
  public let name: String
  /// What it is for.
  public let description: String
  /// The shape of its arguments, an object.
  public let parameters: Schema

  /// A description.
  public init(name: String, description: String, parameters: Schema) {
    self.name = name
    self.description = description
    self.parameters = parameters
  }
}
