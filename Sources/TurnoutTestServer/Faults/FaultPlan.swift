import TurnoutCore

/// Which request meets which fault: a list in the order of the requests, or a draw that a seed decides.
///
/// ```swift
/// let plan = FaultPlan(seed: 7, share: 0.3)     // three requests in ten meet one of `Fault.usual`
/// let twice = FaultPlan([.refusal(529), .reset(.beforeHeaders)])   // the third request is answered
/// ```
public struct FaultPlan: Sendable, Hashable {
  private enum Kind: Sendable, Hashable {
    case listed([Fault?])
    case drawn(seed: UInt64, share: Double, faults: [Fault])
  }

  private let kind: Kind

  /// Nothing goes wrong.
  public static let none = FaultPlan([])

  /// The faults of the first requests, in order; nil for one that is answered. Later requests are answered.
  public init(_ faults: [Fault?]) { kind = .listed(faults) }

  /// A draw for every request by its number, the same for the same seed.
  /// - Parameters:
  ///   - seed: where the draw begins.
  ///   - share: how many requests meet a fault, from 0 to 1.
  ///   - faults: what is drawn from, each as likely as the others.
  public init(seed: Int, share: Double, among faults: [Fault] = Fault.usual) {
    kind = .drawn(seed: UInt64(bitPattern: Int64(seed)), share: share, faults: faults)
  }

  /// What the request with this number, from 1, meets; nil when it is answered.
  public func fault(of number: Int) -> Fault? {
    switch kind {
    case .listed(let faults): return faults.indices.contains(number - 1) ? faults[number - 1] : nil
    case .drawn(let seed, let share, let faults):
      // Each request has numbers of its own, so that the order in which requests are answered changes nothing.
      var random = SplitMix64(seed: seed ^ SplitMix64.mixed(number))
      return random.uniform() < share ? faults.randomElement(using: &random) : nil
    }
  }
}

extension SplitMix64 {
  /// A number far from those of its neighbours.
  static func mixed(_ number: Int) -> UInt64 {
    var random = SplitMix64(seed: number)
    return random.next()
  }
}
