/// Which of the models on this machine is meant.
///
/// ```swift
/// let endpoint = try await servers.endpoint(for: .embeddings)
/// ```
public struct LocalModel: Hashable, Sendable {
  enum Kind: String {
    case chat, embeddings
  }

  let kind: Kind
  let path: String?

  private init(_ kind: Kind, path: String? = nil) {
    self.kind = kind
    self.path = path
  }

  /// SmolLM2-135M-Instruct in 4 bits, the chat model that is installed along.
  public static let chat = LocalModel(.chat)

  /// multilingual-e5-small in 4 bits: sentence embeddings of 384 numbers.
  public static let embeddings = LocalModel(.embeddings)

  /// A chat model of your own.
  ///
  /// - Parameter path: A file in llama.cpp's GGUF format.
  public static func chat(gguf path: String) -> LocalModel {
    LocalModel(.chat, path: path)
  }
}

extension LocalModel: CustomStringConvertible {
  /// The name under which errors and logs mention the model.
  public var description: String {
    switch kind {
    case .chat: path ?? "SmolLM2-135M-Instruct"
    case .embeddings: "multilingual-e5-small"
    }
  }
}
