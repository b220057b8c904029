import TurnoutCore

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Lets requests that nobody labelled count as examples of the routes a first head takes them for (self-training:
/// Scudder 1965), the more the surer it is.
struct SelfTraining: Sendable {
  /// How much surer a head is of what it has not seen than its logits say, which are held down.
  var sharpness: Float = 2
  /// How much all guesses of a route may count, as a share of its labelled examples: they add, and do not outvote.
  var share: Float = 1

  /// A request as an example of the route it is taken for.
  struct Guess: Sendable {
    let example: HeadTrainer.Example
    /// The square of the route's probability, or less where the route has many guesses.
    let weight: Float
  }

  /// What a head takes requests for.
  func guesses(_ requests: [HeadTrainer.Unlabelled], by head: RouteHead) -> [Guess] {
    requests.compactMap { guess($0, by: head) }
  }

  /// The guesses, counting less where those of a route would outvote its labelled examples.
  ///
  /// - Parameter labelled: how many labelled examples each route has.
  func limited(_ guesses: [Guess], labelled: [Float]) -> [Guess] {
    var sums = [Float](repeating: 0, count: labelled.count)
    for guess in guesses { sums[guess.example.route] += guess.weight }
    let factors = zip(labelled, sums).map { min(1, share * $0 / max($1, 1e-9)) }
    return guesses.map { Guess(example: $0.example, weight: $0.weight * factors[$0.example.route]) }
  }

  /// What a head takes a request for; nil for one that it can make nothing of.
  func guess(_ request: HeadTrainer.Unlabelled, by head: RouteHead) -> Guess? {
    let logits = head.read(request.vector, request.text).logits
    guard let best = logits.max(), best.isFinite, let route = logits.firstIndex(of: best) else { return nil }
    let sum = logits.reduce(0) { $0 + expf(sharpness * ($1 - best)) }
    return Guess(
      example: .init(text: request.text, vector: request.vector, route: route), weight: 1 / (sum * sum))
  }
}
