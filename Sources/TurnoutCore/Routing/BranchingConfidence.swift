#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How likely a model was to write the name it wrote rather than another of the names it could choose from.
///
/// A model that must write one of `sales`, `sales_eu` and `service` has no choice in most of the letters: tokens that
/// are forced have the probability 1 whatever the model thinks. What it thinks shows where the names part.
///
/// ```swift
/// let names = BranchingConfidence(chosen: "yes", others: ["no"])
/// let token = TokenChoice("yes", -0.11, alternatives: [.init("yes", -0.11), .init("no", -2.3)])
/// names.probability(in: [token, TokenChoice("\"", 0)], at: 0)   // 0.9
/// ```
/// Names are compared as they stand in a JSON string, the closing quote included, so that none is the beginning of
/// another. For token `i` with probability `p(w)`, written where several names are still possible:
///
/// - An alternative *fits* a name when one of the two begins with the other, from here on. One that fits `k` of the
///   possible names counts for each of them with `p / k`; one that fits none is left out.
/// - `total = p(w) + Σ p(alternatives that fit a name) + missing`. Where no listed token fits some of the names, `missing`
///   is their part of what is not listed: at most the number of these names times the least likely token listed.
/// - `Pᵢ = (p(w) · Pᵢ₊₁ + Σ p(alternatives)/k that fit the chosen name) / total`, and 1 when one name is left.
///
/// This is the law of total probability over the ways to go on; without ways to spell a name in other tokens it is the
/// product of the probabilities at the places where names part. The result is `P` of the first token.
public struct BranchingConfidence: Sendable {
  private let names: [[UInt8]]
  private var chosen: [UInt8] { names[0] }

  /// Below this a logarithm says that a token was not allowed; servers write -9999, or the lowest number they have.
  private static let impossible = -1_000.0
  /// A logarithm nearer to 0 than this is 0.
  private static let forced = -1e-9

  /// The name that was written and the ones that were not.
  public init(chosen: String, others: [String]) {
    names = ([chosen] + others.filter { $0 != chosen }).map { name in
      var writer = JSONWriter(reservingCapacity: name.utf8.count + 2)
      writer.text(name)
      return Array(writer.bytes.dropFirst())
    }
  }

  /// The probability of the chosen name among all names, from 0 to 1.
  ///
  /// Nil where it cannot be told: the name does not stand there, spelled as expected; the tokens end within it; a
  /// probability is missing or is none; or where names part there is only one token with the probability 1, which a
  /// server also says of tokens it forces.
  /// - Parameters:
  ///   - tokens: the tokens of the whole answer.
  ///   - place: the number of bytes in the tokens before the name's first.
  public func probability(in tokens: [TokenChoice], at place: Int) -> Double? {
    guard place >= 0 else { return nil }
    var factors: [(written: Double, other: Double)] = []
    var possible = Array(names.indices)
    var start = 0
    for token in tokens where possible.count > 1 {
      let count = token.written.bytes.count
      defer { start += count }
      guard start + count > place else { continue }
      // A token may begin before the name, such as a quote with the name's first letters.
      let lead = token.written.bytes.prefix(max(0, place - start))
      let done = max(0, start - place)
      guard fits(token.written.bytes.dropFirst(lead.count), name: 0, from: done) else { return nil }
      let place = Place(possible: possible, lead: lead, done: done)
      possible = possible.filter { fits(token.written.bytes.dropFirst(lead.count), name: $0, from: done) }
      guard let factor = factor(token, place, narrows: possible.count < place.possible.count) else { return nil }
      factors.append(factor)
    }
    guard possible.count == 1 else { return nil }
    let probability = factors.reversed().reduce(1) { $1.written * $0 + $1.other }
    return min(max(probability, 0), 1)
  }

  /// Where a token stands: what names are possible, what it has before the name, and how much of the name is written.
  private struct Place {
    let possible: [Int]
    let lead: ArraySlice<UInt8>
    let done: Int
  }

  private func factor(_ token: TokenChoice, _ place: Place, narrows: Bool) -> (written: Double, other: Double)? {
    guard token.logProbability.isFinite, token.logProbability < 1e-3 else { return nil }
    let written = exp(min(token.logProbability, 0))
    let listed = token.alternatives.filter { $0.logProbability > Self.impossible && $0.logProbability < 1e-3 }
    let others = listed.filter { $0.bytes != token.written.bytes }
    if narrows, others.isEmpty, token.logProbability > Self.forced { return nil }

    let rest = token.written.bytes.dropFirst(place.lead.count)
    var unseen = Set(place.possible.filter { !fits(rest, name: $0, from: place.done) })
    var (fitting, chosen, all) = (0.0, 0.0, written)
    for other in others {
      let probability = exp(min(other.logProbability, 0))
      all += probability
      let names = names(fitting: other.bytes[...], at: place)
      if names.isEmpty { continue }
      unseen.subtract(names)
      fitting += probability
      if names.contains(0) { chosen += probability / Double(names.count) }
    }
    let unlisted = max(0, 1 - all)
    let least = listed.map { exp(min($0.logProbability, 0)) }.min() ?? 1
    let missing = unseen.isEmpty ? 0 : min(unlisted, Double(unseen.count) * least)
    let total = written + fitting + missing
    return total > 0 ? (written / total, chosen / total) : nil
  }

  private func names(fitting token: ArraySlice<UInt8>, at place: Place) -> [Int] {
    if token.starts(with: place.lead) {
      let rest = token.dropFirst(place.lead.count)
      return place.possible.filter { fits(rest, name: $0, from: place.done) }
    }
    // It ends before the name begins, and every name can follow.
    return place.lead.starts(with: token) ? place.possible : []
  }

  private func fits(_ token: ArraySlice<UInt8>, name: Int, from done: Int) -> Bool {
    let rest = names[name].dropFirst(done)
    return rest.starts(with: token) || token.starts(with: rest)
  }
}
