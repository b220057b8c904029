/// One token that a model wrote, with how likely it was and what could have stood there instead.
///
/// ```swift
/// let token = TokenChoice("yes", -0.1, alternatives: [.init("yes", -0.1), .init("no", -2.4)])
/// ```
public struct TokenChoice: Sendable, Hashable {
  /// A token that could stand in a place.
  public struct Alternative: Sendable, Hashable {
    /// The token's bytes; a character can be spread over several tokens.
    public var bytes: [UInt8]
    /// The natural logarithm of its probability, at most 0; not a number where the server does not say.
    public var logProbability: Double

    /// A token by its bytes.
    public init(bytes: [UInt8], _ logProbability: Double) {
      self.bytes = bytes
      self.logProbability = logProbability
    }

    /// A token by its text.
    public init(_ text: String, _ logProbability: Double) {
      self.init(bytes: Array(text.utf8), logProbability)
    }

    /// The token's text; parts of characters are shown as replacement characters.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
  }

  /// The token that was written.
  public var written: Alternative
  /// The likeliest tokens for this place, most likely first; the one that was written is usually among them.
  public var alternatives: [Alternative]

  /// The text of the token that was written.
  public var text: String { written.text }
  /// The natural logarithm of the probability of the token that was written.
  public var logProbability: Double { written.logProbability }

  /// A token that was written, and what else could have been.
  public init(_ written: Alternative, alternatives: [Alternative] = []) {
    self.written = written
    self.alternatives = alternatives
  }

  /// A token that was written, by its text.
  public init(_ text: String, _ logProbability: Double, alternatives: [Alternative] = []) {
    self.init(Alternative(text, logProbability), alternatives: alternatives)
  }
}
