/// One message of a conversation with a model.
public enum Message: Sendable, Hashable {
  /// What the model is and how it should behave.
  case system(String)
  /// What the person or the program asks.
  case user(String)
  /// What the person or the program asks, with images.
  case userParts([InputPart])
  /// What the model answered: text, calls of tools, or both; as it came, where its provider wants it back so.
  case assistant(String, toolCalls: [ToolCall] = [], original: OriginalAnswer? = nil)
  /// What a tool returned for one of the model's calls.
  case toolResult(ToolResult)
}

/// A piece of what a person or a program asks.
public enum InputPart: Sendable, Hashable {
  /// A text.
  case text(String)
  /// An image.
  case image(ImageInput)
}

/// An image that a model is shown.
public struct ImageInput: Sendable, Hashable {
  /// Where it comes from.
  package enum Content: Sendable, Hashable {
    case url(String)
    /// A file in Base64.
    case data(String, mediaType: String)
  }

  package let content: Content

  /// The most tokens that a provider counts for an image, whatever its size.
  public static let tokenBound = 20_000

  /// An image at an address, which the provider fetches. Not every provider does.
  public static func url(_ url: String) -> ImageInput { ImageInput(content: .url(url)) }

  /// An image that goes with the request.
  /// - Parameters:
  ///   - bytes: the file.
  ///   - mediaType: such as `image/png`.
  public static func data(_ bytes: [UInt8], mediaType: String) -> ImageInput {
    ImageInput(content: .data(bytes.base64, mediaType: mediaType))
  }
}

/// An answer as its provider wrote it, for that provider alone: signatures of what it thought, and the like. Nobody else
/// reads it.
public struct OriginalAnswer: Sendable, Hashable {
  /// Who wrote it.
  package let wire: String
  /// JSON, as the wire has it in the next request.
  package let json: String

  /// An answer of a wire.
  package init(wire: String, json: String) {
    self.wire = wire
    self.json = json
  }
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

extension [InputPart] {
  /// The texts, without the images.
  public var texts: [String] {
    compactMap { if case .text(let text) = $0 { text } else { nil } }
  }
}
