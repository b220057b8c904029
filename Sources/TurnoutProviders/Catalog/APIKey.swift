import TurnoutCore

/// A secret that prints as dots: it cannot get into a log, an error or an event by accident.
public struct APIKey: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  let secret: String

  /// A key.
  /// - Throws: ``ModelError`` when it could not stand in a header: an empty one, or one with line breaks.
  public init(_ secret: String, provider: String = "openai") throws {
    let isClean = secret.utf8.allSatisfy { (0x21...0x7E).contains($0) }
    guard !secret.isEmpty, isClean else {
      throw ModelError.authentication(provider, "the API key is empty or has spaces or line breaks in it")
    }
    self.secret = secret
  }

  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
