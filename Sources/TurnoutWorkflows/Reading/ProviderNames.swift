import TurnoutCore
import TurnoutProviders

/// The words before the colon of a model's name.
enum ProviderNames {
  /// Names that stand alone, without a model.
  static let alone = ["local"]
  /// The names known without being declared.
  static let known = ProviderCatalog.names + ["local", "scripted"]

  /// What is wrong with a reference such as `openai:gpt-4o-mini`, if anything.
  static func problem(_ reference: String, known: [String]) -> String? {
    if alone.contains(reference) { return nil }
    guard let colon = reference.firstIndex(of: ":"), colon > reference.startIndex,
      reference.index(after: colon) < reference.endIndex
    else { return "\"\(reference)\" is not a model's name; it must be provider:model, or local" }
    let provider = String(reference[..<colon])
    if known.contains(provider) { return nil }
    let hint = provider.hint(among: known.sorted(), as: "providers")
    return "there is no provider \"\(provider)\"; \(hint), or declare it under providers:"
  }
}
