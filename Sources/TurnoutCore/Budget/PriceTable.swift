/// The prices of models, by their names as `provider:model`.
///
/// ```swift
/// var prices = PriceTable.standard
/// prices["office:qwen3-32b"] = Price(input: 0.10, output: 0.30)
/// prices["openai:gpt-4o-mini-2024-07-18"]   // the price of gpt-4o-mini
/// ```
/// A name with a date at its end has the price of the name without it, and a name that ends with `:*` stands for all
/// models of a provider.
public struct PriceTable: Sendable, Hashable {
  private var prices: [String: Price]

  /// A table.
  public init(_ prices: [String: Price] = [:]) { self.prices = prices }

  /// The price of a model, or nil where it is not known.
  public subscript(model: String) -> Price? {
    get {
      prices[model] ?? Self.undated(model).flatMap { prices[$0] }
        ?? prices[String(model.prefix { $0 != ":" }) + ":*"]
    }
    set { prices[model] = newValue }
  }

  /// This table, with another's prices in the place of its own.
  public func merging(_ other: PriceTable) -> PriceTable {
    PriceTable(prices.merging(other.prices) { _, new in new })
  }

  /// The names with a price, in alphabetical order.
  public var models: [String] { prices.keys.sorted() }

  /// A name without `-2024-07-18`, `-20251001` or `-latest` at its end.
  private static func undated(_ model: String) -> String? {
    if model.hasSuffix("-latest") { return String(model.dropLast(7)) }
    for (length, dashes) in [(11, [0, 5, 8]), (9, [0])] where model.utf8.count > length {
      let end = Array(model.utf8.suffix(length))
      let fits = end.enumerated().allSatisfy { index, byte in
        dashes.contains(index) ? byte == 0x2D : (0x30...0x39).contains(byte)
      }
      if fits { return String(model.dropLast(length)) }
    }
    return nil
  }
}
