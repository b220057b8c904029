public import TurnoutCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RouteRequest {
  /// What a router of a workflow reads of its input: a text; or an object with `messages` (a list of `role` and
  /// `content`, of which the person's last is the request), `metadata` and `session`, the route that the conversation is
  /// on. Any other value is read as its text.
  public init(value: Value) {
    guard let messages = value["messages"]?.array else {
      self.init(value.text)
      return
    }
    let conversation = messages.compactMap { message -> Message? in
      guard let content = message["content"]?.string else { return nil }
      switch message["role"]?.string {
      case "user": return .user(content)
      case "assistant": return .assistant(content)
      default: return nil
      }
    }
    var metadata: [String: String] = [:]
    for (key, entry) in value["metadata"]?.object ?? [:] { metadata[key] = entry.text }
    self.init(conversation: conversation, metadata: metadata, session: value["session"]?.string)
  }
}

extension RouteFit {
  /// The most bytes of a file.
  private static let sizeLimit = 1 << 30

  /// Reads a fitted routing from a file.
  /// - Throws: ``TurnoutError`` with the file's name when it is none.
  public init(contentsOf path: String) throws {
    let name = FolderPath.name(path)
    guard let data = FileManager.default.contents(atPath: path), data.count <= Self.sizeLimit else {
      throw TurnoutError.invalidInput("\(name): it cannot be read")
    }
    do { try self.init(value: data.withUnsafeBytes { try Value(json: $0) }) } catch {
      throw TurnoutError.invalidInput("\(name): \(RunFailure(error).message)")
    }
  }
}
