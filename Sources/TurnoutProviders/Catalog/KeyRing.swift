public import TurnoutCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Where API keys and base URLs come from: the environment, then a file of the user's own.
///
/// The file has lines such as `OPENAI_API_KEY=…`; it is `turnout/keys` in the user's configuration folder
/// (`XDG_CONFIG_HOME`, else `~/.config`), or what `TURNOUT_KEYS` names. Keys never leave this type but as ``APIKey``.
public struct KeyRing: Sendable, CustomReflectable {
  private let environment: [String: String]
  private let file: [String: String]

  /// Keys from an environment, and from the text of a key file.
  public init(environment: [String: String], file: String = "") {
    self.environment = environment
    var entries: [String: String] = [:]
    for line in file.split(whereSeparator: \.isNewline) {
      let text = Self.trimmed(line)
      guard !text.hasPrefix("#"), let equals = text.firstIndex(of: "=") else { continue }
      let name = Self.trimmed(text[..<equals])
      entries[name.hasPrefix("export ") ? Self.trimmed(name.dropFirst(7)) : name] =
        Self.unquoted(Self.trimmed(text[text.index(after: equals)...]))
    }
    self.file = entries
  }

  /// Keys from this process's environment and the user's file.
  public static func standard() -> KeyRing {
    let environment = ProcessInfo.processInfo.environment
    let folder = environment["XDG_CONFIG_HOME"] ?? environment["HOME"].map { "\($0)/.config" }
    let path = environment["TURNOUT_KEYS"] ?? folder.map { "\($0)/turnout/keys" }
    let text = path.flatMap { FileManager.default.contents(atPath: $0) }.map { String(decoding: $0, as: UTF8.self) }
    return KeyRing(environment: environment, file: text ?? "")
  }

  /// Whether a variable is set, in the environment or the file.
  public func has(_ variable: String) -> Bool { value(variable) != nil }

  /// The key under a variable.
  /// - Throws: ``ModelError`` that names the variable when it is not set.
  public func key(_ variable: String, for provider: String) throws -> APIKey {
    guard let secret = value(variable) else { throw ModelError.missingKey(provider, variable: variable) }
    return try APIKey(secret, provider: provider)
  }

  /// The server of a known provider, its base URL replaced when the variable for that is set.
  public func server(_ entry: ProviderCatalog.Entry) throws -> ModelEndpoint {
    let base = value(entry.baseURLVariable)
    // Behind a replaced address there may be a server that wants no key.
    let key: APIKey? =
      if let variable = entry.keyVariable, base == nil || has(variable) { try key(variable, for: entry.name) } else {
        nil
      }
    return entry.wire.server(provider: entry.name, baseURL: base ?? entry.baseURL, key: key)
  }

  /// A model of a known provider.
  /// - Throws: ``ModelError`` when its key is not set.
  public func model(_ model: String, of entry: ProviderCatalog.Entry) throws -> any LanguageModel {
    entry.wire.model(model, at: try server(entry))
  }

  /// The model behind a name such as `openai:gpt-4o-mini` or `anthropic:claude-sonnet-4-5`, of a provider in the catalogue.
  /// - Throws: ``ModelError`` for an unknown provider, or when its key is not set.
  public func model(_ reference: String) throws -> any LanguageModel {
    let parts = reference.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2, let entry = ProviderCatalog.entry(parts[0]) else {
      let names = ProviderCatalog.names.joined(separator: ", ")
      throw ModelError.notFound(reference, "a model's name is provider:model; providers: \(names)")
    }
    return try model(parts[1], of: entry)
  }

  public var customMirror: Mirror { Mirror(self, children: []) }

  private func value(_ variable: String) -> String? {
    let value = environment[variable] ?? file[variable]
    return value.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    let head = text.drop(while: \.isWhitespace)
    return head.lastIndex { !$0.isWhitespace }.map { String(head[...$0]) } ?? ""
  }

  private static func unquoted(_ text: String) -> String {
    for quote in ["\"", "'"] where text.count >= 2 && text.hasPrefix(quote) && text.hasSuffix(quote) {
      return String(text.dropFirst().dropLast())
    }
    return text
  }
}
