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

  /// A request with the route it is taken for.
  struct Guess: Sendable {
    let request: HeadTrainer.Unlabelled
    let route: Int
    /// The square of the route's probability, or less where the route has many guesses.
    var weight: Float
  }

  /// - Parameter labelled: how many labelled examples each route has.
  func guesses(_ head: RouteHead, _ requests: [HeadTrainer.Unlabelled], labelled: [Float]) -> [Guess] {
    var guesses = requests.compactMap { guess($0, head) }
    var sums = [Float](repeating: 0, count: labelled.count)
    for guess in guesses { sums[guess.route] += guess.weight }
    for place in guesses.indices {
      let route = guesses[place].route
      guesses[place].weight *= min(1, share * labelled[route] / max(sums[route], 1e-9))
    }
    return guesses
  }

  /// What a head takes a request for; nil for one that it can make nothing of.
  func guess(_ request: HeadTrainer.Unlabelled, _ head: RouteHead) -> Guess? {
    let logits = head.read(request.vector, request.text).logits
    guard let best = logits.max(), best.isFinite, let route = logits.firstIndex(of: best) else { return nil }
    let sum = logits.reduce(0) { $0 + expf(sharpness * ($1 - best)) }
    return Guess(request: request, route: route, weight: 1 / (sum * sum))
  }
}
