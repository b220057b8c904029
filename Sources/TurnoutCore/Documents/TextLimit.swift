/// Counts the tokens of a text.
///
/// A server's tokenizer is one, see `ServerTokenCounter` in TurnoutProviders; ``EstimatedTokens`` needs none.
public protocol TokenCounter: Sendable {
  /// The number of tokens.
  /// - Throws: what asking for them throws.
  func count(_ text: String, in run: Run) async throws -> Int
}

/// Counts tokens by ``TokenEstimate``: too many rather than too few, at once, and for every model.
public struct EstimatedTokens: TokenCounter {
  /// The counter.
  public init() {}

  /// The estimate.
  public func count(_ text: String, in run: Run) async throws -> Int { TokenEstimate.upperBound(text) }
}

/// How long a text may be, in characters or in tokens.
public struct TextLimit: Sendable {
  /// The most characters or tokens.
  public let count: Int
  let unit: Unit

  enum Unit: Sendable {
    case characters
    case tokens(any TokenCounter)
  }

  /// So many characters, as a reader counts them.
  public static func characters(_ count: Int) -> TextLimit { TextLimit(count: max(1, count), unit: .characters) }

  /// So many tokens, by an estimate or by a counter of your own.
  public static func tokens(_ count: Int, by counter: any TokenCounter = EstimatedTokens()) -> TextLimit {
    TextLimit(count: max(1, count), unit: .tokens(counter))
  }

  /// So many tokens by a function, such as a tokenizer's.
  public static func tokens(
    _ count: Int, by function: @escaping @Sendable (String) async throws -> Int
  ) -> TextLimit {
    .tokens(count, by: FunctionTokenCounter(function: function))
  }

  var unitName: String { if case .characters = unit { "characters" } else { "tokens" } }

  /// The size of a text without asking anybody; nil when a counter has to be asked.
  func ownSize(_ text: String) -> Int? {
    switch unit {
    case .characters: text.count
    case .tokens(let counter): counter is EstimatedTokens ? TokenEstimate.upperBound(text) : nil
    }
  }

  /// The size of a text; what a counter has to be asked for is counted by the estimate.
  func cautiousSize(_ text: String) -> Int { ownSize(text) ?? TokenEstimate.upperBound(text) }

  func size(_ text: String, in run: Run) async throws -> Int {
    switch unit {
    case .characters: text.count
    case .tokens(let counter): try await counter.count(text, in: run)
    }
  }

  /// The tokens of a text, whatever the limit counts.
  func tokens(_ text: String, in run: Run) async throws -> Int {
    guard case .tokens = unit else { return TokenEstimate.upperBound(text) }
    return try await size(text, in: run)
  }

  private struct FunctionTokenCounter: TokenCounter {
    let function: @Sendable (String) async throws -> Int
    func count(_ text: String, in run: Run) async throws -> Int { try await function(text) }
  }
}
