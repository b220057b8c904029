/// A model that turns texts into vectors of one length, near each other when the texts mean similar things.
public protocol EmbeddingModel: Sendable {
  /// The name in events and messages, as `provider:model`.
  var name: String { get }

  /// The most tokens of a text that are read; longer texts are cut before they are sent.
  var maxTokens: Int { get }

  /// Makes ready what the first call would wait for, such as a server that has to start.
  func prepare() async throws

  /// The vectors of texts, in the order of the texts.
  /// - Throws: ``ModelError``.
  func embed(_ texts: [String], in run: Run) async throws -> [[Float]]

  /// The vectors of texts that belong to a program, such as the examples of routes, and may be kept for the next time.
  func embedExamples(_ texts: [String], in run: Run) async throws -> [[Float]]
}

extension EmbeddingModel {
  public var maxTokens: Int { 400 }

  public func prepare() async throws {}

  public func embedExamples(_ texts: [String], in run: Run) async throws -> [[Float]] {
    try await embed(texts, in: run)
  }
}

/// A cautious count of tokens, made without any vocabulary: too high for ordinary text in the vocabularies of
/// multilingual encoders, so that what it lets through fits.
public enum TokenEstimate {
  /// An upper bound of the tokens in a text: a letter outside ASCII, a digit or a sign counts as one, ASCII letters as
  /// one for two, characters outside the basic plane as two.
  public static func upperBound(_ text: some StringProtocol) -> Int {
    var count = 0
    var letters = 0
    for scalar in text.unicodeScalars { count += cost(scalar, &letters) }
    return count
  }

  /// The longest beginning of a text whose estimate stays within a limit, cut between characters; nil when all fits.
  public static func cut(_ text: String, to limit: Int) -> String? {
    // A text cannot have more tokens than bytes, which saves the walk for all short texts.
    if text.utf8.count <= limit { return nil }
    var count = 0
    var letters = 0
    for index in text.indices {
      for scalar in text[index].unicodeScalars { count += cost(scalar, &letters) }
      if count > limit { return String(text[..<index]) }
    }
    return nil
  }

  private static func cost(_ scalar: Unicode.Scalar, _ letters: inout Int) -> Int {
    switch scalar.value {
    case 0x41...0x5A, 0x61...0x7A:
      letters += 1
      return letters % 2
    case 0x20, 0x09, 0x0A, 0x0D:
      letters = 0
      return 0
    case 0x10000...:
      letters = 0
      return 2
    default:
      letters = 0
      return 1
    }
  }
}
