import TurnoutCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Sets the temperature and the bars from what heads made of requests they had not seen.
struct BarChooser: Sendable {
  let catching: Double
  let losing: Double
  let sureness: Double

  struct Bars: Sendable {
    let scale: RouteScale
    let sure: Double
    let expectation: RouteFit.Expectation
    let noneFrom: String
    let coverage: Double
  }

  /// - Parameters:
  ///   - seen: requests in scope under heads of all routes.
  ///   - inside: how surely requests belong under heads that lack some routes.
  ///   - outside: how surely the requests of those routes seem to belong.
  ///   - strangers: how surely labelled requests out of scope seem to belong under the head that is kept.
  ///   - source: whose requests set the bar of *none*.
  func bars(
    _ seen: [FoldResult.Seen], inside: [Float], outside: [Float], strangers: [Float], source: StrangerSource
  ) -> Bars {
    let temperature = temperature(seen)
    let strange = outside + strangers
    let kept = inside.isEmpty ? seen.map(\.belonging) : inside
    let (bar, noneFrom) = bar(kept, strange, source)
    let scale = RouteScale(temperature: temperature, bar: bar, slope: slope(kept, strange, bar))
    let right = seen.map { $0.best == $0.route && $0.belonging >= bar }
    let caught = strange.isEmpty ? nil : Double(strange.count { $0 < bar }) / Double(strange.count)
    let accuracy = Proportion(right.count { $0 }, of: seen.count)
    let confidences = zip(seen, right).map { seen, right -> (Double, Bool) in
      let any = scale.probabilityOfAny(seen.belonging)
      let best = scale.probabilities(seen.logits)[seen.best]
      return seen.belonging >= bar ? (any * best, right) : (1 - any, false)
    }
    let sure = sureBar(confidences)
    return Bars(
      scale: scale, sure: sure,
      expectation: .init(
        accuracy: accuracy.share ?? 0, interval: accuracy.interval ?? 0...1, caught: caught),
      noneFrom: noneFrom,
      coverage: seen.isEmpty ? 0 : Double(confidences.count { $0.0 >= sure }) / Double(seen.count))
  }

  /// The bar below which no route is meant.
  private func bar(_ kept: [Float], _ strange: [Float], _ source: StrangerSource) -> (Float, String) {
    let limit = Self.quantile(kept.sorted(), losing)
    let share = Self.percent(1 - losing)
    guard !strange.isEmpty else { return (limit, "keeps \(share) of those in scope") }
    let wanted = Self.quantile(strange.sorted(), catching).nextUp
    switch source {
    case .nulls: return (wanted, "set on \(strange.count) requests that belong to no route")
    case .routes:
      let from = "set by leaving whole routes out in turn, since there were hardly any requests of no route"
      return wanted <= limit ? (wanted, from) : (limit, from + "; held back to keep \(share) of those in scope")
    case .everyday:
      // Everyday requests are easily told from most desks, so that the bar stands between the two kinds.
      let from = "set on everyday requests, since there are too few routes to leave some out"
      return wanted <= limit
        ? ((wanted + limit) / 2, from) : (limit, from + "; held back to keep \(share) of those in scope")
    }
  }

  /// The temperature under which the right routes of unseen requests are likeliest (Guo et al. 2017).
  private func temperature(_ seen: [FoldResult.Seen]) -> Float {
    guard !seen.isEmpty else { return 1 }
    // A thousand requests say as much about one number as a hundred thousand.
    let sample = Swift.stride(from: 0, to: seen.count, by: max(1, seen.count / 2_000)).map { seen[$0] }
    return Float(
      Self.lowest(between: -4, and: 4) { logarithm in
        let temperature = Float(exp(logarithm))
        return sample.reduce(0.0) { sum, one in
          let highest = one.logits.max() ?? 0
          let all = one.logits.reduce(0.0) { $0 + exp(Double(($1 - highest) / temperature)) }
          return sum + log(all) - Double((one.logits[one.route] - highest) / temperature)
        }
      }.map { exp($0) } ?? 1)
  }

  /// How fast being a stranger turns into belonging at the bar: the likeliest, both kinds counting alike.
  private func slope(_ kept: [Float], _ strange: [Float], _ bar: Float) -> Float {
    guard !kept.isEmpty, !strange.isEmpty else { return 1 }
    let inside = kept.map { Double($0 - bar) }
    let outside = strange.map { Double($0 - bar) }
    let logarithm = Self.lowest(between: -4, and: 4) { logarithm in
      let slope = exp(logarithm)
      let kept = inside.reduce(0.0) { $0 + Self.softplus(-slope * $1) } / Double(inside.count)
      let caught = outside.reduce(0.0) { $0 + Self.softplus(slope * $1) } / Double(outside.count)
      return kept + caught
    }
    return Float(exp(logarithm ?? 0))
  }

  /// The lowest confidence above which decisions are right as often as wanted.
  private func sureBar(_ decisions: [(confidence: Double, isRight: Bool)]) -> Double {
    let ranked = decisions.sorted { $0.confidence > $1.confidence }
    var (right, bar) = (0, 0.99)
    for (place, decision) in ranked.enumerated() {
      if decision.isRight { right += 1 }
      // Decisions of one confidence are sure together or not at all.
      if place + 1 < ranked.count, ranked[place + 1].confidence == decision.confidence { continue }
      if Double(right) / Double(place + 1) >= sureness { bar = decision.confidence }
    }
    return min(max(bar, 0.3), 0.99)
  }

  /// The place of the lowest value, by the golden section, for a function with one valley.
  private static func lowest(between low: Double, and high: Double, _ value: (Double) -> Double) -> Double? {
    var (low, high) = (low, high)
    let golden = (5.0.squareRoot() - 1) / 2
    var (left, right) = (high - golden * (high - low), low + golden * (high - low))
    var (atLeft, atRight) = (value(left), value(right))
    for _ in 0..<32 {
      if atLeft < atRight {
        (high, right, atRight) = (right, left, atLeft)
        left = high - golden * (high - low)
        atLeft = value(left)
      } else {
        (low, left, atLeft) = (left, right, atRight)
        right = low + golden * (high - low)
        atRight = value(right)
      }
    }
    let place = (low + high) / 2
    return place.isFinite ? place : nil
  }

  private static func softplus(_ number: Double) -> Double {
    number > 30 ? number : log(1 + exp(number))
  }

  /// The value that so great a share of sorted values lies below or at.
  static func quantile(_ sorted: [Float], _ share: Double) -> Float {
    guard let last = sorted.last else { return 0 }
    let place = Int((share * Double(sorted.count)).rounded(.up)) - 1
    return place < 0 ? sorted[0] : place < sorted.count ? sorted[place] : last
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
