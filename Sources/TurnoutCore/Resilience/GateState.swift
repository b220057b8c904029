/// Who may ask a provider now: a value that is told what happens and says who goes, so that it can be tested by itself.
///
/// A call goes when fewer are on their way than the ``CallWindow`` allows, when every limit that is set or was learned
/// has enough left for it, and when no refusal asks to wait.
struct GateState: Sendable {
  typealias Ticket = Int

  /// How a call ended.
  enum Ending: Sendable {
    /// With an answer, and the tokens that it took where they are known.
    case answered(tokens: Int?, limits: RateLimits?)
    /// The provider refused for now.
    case refused(wait: Duration?, limits: RateLimits?)
    /// In another way, which says nothing of the limits.
    case other
  }

  private struct Caller {
    let run: String
    let tokens: Double
    let isInteractive: Bool
  }

  private struct Flight {
    let caller: Caller
    /// The how manieth that went.
    let number: Int
    let sent: Duration
    var requests: LimitBucket.Expectation?
    var tokens: LimitBucket.Expectation?
  }

  private let settings: GateSettings
  private var window: CallWindow
  private var setRequests: LimitBucket?
  private var setTokens: LimitBucket?
  private var requests: LimitBucket?
  private var tokens: LimitBucket?
  private var pausedUntil = Duration.zero
  /// Refusals in a row without a word on how long to wait.
  private var silentRefusals = 0
  private var queue = FairQueue()
  private var waiting: [Ticket: Caller] = [:]
  private var flights: [Ticket: Flight] = [:]
  private var lastTicket = 0
  private var admissions = 0

  init(_ settings: GateSettings, at now: Duration) {
    self.settings = settings
    window = CallWindow(start: settings.start, most: settings.concurrency)
    setRequests = settings.requestsPerMinute.map { LimitBucket(perMinute: $0, at: now) }
    setTokens = settings.tokensPerMinute.map { LimitBucket(perMinute: $0, at: now) }
  }

  /// Whether tokens are limited, so that what a call takes matters.
  var countsTokens: Bool { setTokens != nil || tokens != nil }
  /// How many are on their way.
  var inFlight: Int { flights.count }
  /// How many wait.
  var waitingCount: Int { waiting.count }

  /// Takes a place in the queue.
  mutating func enter(run: String, tokens: Int, isInteractive: Bool) -> Ticket {
    lastTicket += 1
    waiting[lastTicket] = Caller(run: run, tokens: Double(max(0, tokens)), isInteractive: isInteractive)
    queue.add(lastTicket, of: run, isInteractive: isInteractive)
    return lastTicket
  }

  /// Gives up a place in the queue.
  mutating func leave(_ ticket: Ticket) {
    guard let caller = waiting.removeValue(forKey: ticket) else { return }
    queue.remove(ticket, of: caller.run, isInteractive: caller.isInteractive)
  }

  /// Those who go now.
  mutating func admit(_ now: Duration) -> [Ticket] {
    refill(now)
    var admitted: [Ticket] = []
    while now >= pausedUntil, flights.count < window.limit, let ticket = queue.first, let caller = waiting[ticket],
      buckets(caller).allSatisfy({ $0.bucket.has($0.amount) })
    {
      queue.removeFirst()
      waiting[ticket] = nil
      _ = setRequests?.take(1)
      _ = setTokens?.take(caller.tokens)
      admissions += 1
      flights[ticket] = Flight(
        caller: caller, number: admissions, sent: now, requests: requests?.take(1),
        tokens: tokens?.take(caller.tokens))
      admitted.append(ticket)
    }
    return admitted
  }

  /// How long until someone may go by time alone; nil when nobody waits or another call must end first.
  mutating func wait(_ now: Duration) -> Duration? {
    refill(now)
    guard flights.count < window.limit, let caller = queue.first.flatMap({ waiting[$0] }) else { return nil }
    var longest = max(.zero, pausedUntil - now)
    for (bucket, amount) in buckets(caller) {
      guard let wait = bucket.wait(for: amount) else { return nil }
      longest = max(longest, wait)
    }
    return longest
  }

  /// Takes note of how a call ended.
  mutating func end(_ ticket: Ticket, _ ending: Ending, at now: Duration) {
    guard let flight = flights.removeValue(forKey: ticket) else { return }
    refill(now)
    switch ending {
    case .answered(let used, let limits):
      silentRefusals = 0
      window.grow(inFlight: flights.count + 1)
      learn(limits, flight, now)
      // Others may have taken what the estimate kept from them.
      if let used { setTokens?.giveBack(flight.caller.tokens - Double(max(0, used))) }
    case .refused(let wait, let limits):
      learn(limits, flight, now)
      setTokens?.giveBack(flight.caller.tokens)
      refused(flight, wait, limits, now)
    case .other: break
    }
  }

  private mutating func refused(_ flight: Flight, _ wait: Duration?, _ limits: RateLimits?, _ now: Duration) {
    let isRequests = limits?.requests?.remaining.map { $0 < 1 } ?? false
    let isTokens = limits?.tokens?.remaining.map { Double($0) < max(1, flight.caller.tokens) } ?? false
    if isRequests { requests?.empty() }
    if isTokens { tokens?.empty() }
    // A limit that is known and used up says by itself when to go on; any other refusal means that this is too much.
    if !isRequests, !isTokens { window.shrink(call: flight.number, newest: admissions) }
    if let wait {
      silentRefusals = 0
      pausedUntil = max(pausedUntil, now + min(max(.zero, wait), settings.longestPause))
    } else if !isRequests, !isTokens {
      silentRefusals = min(silentRefusals + 1, 6)
      pausedUntil = max(pausedUntil, now + min(.seconds(0.5 * Double(1 << silentRefusals)), settings.longestPause))
    }
  }

  private mutating func learn(_ limits: RateLimits?, _ flight: Flight, _ now: Duration) {
    guard let limits else { return }
    if let window = limits.requests {
      learn(window, \.requests, flight.requests, flight, { _ in 1 }, { $0.requests = $1 }, now)
    }
    if let window = limits.tokens {
      learn(window, \.tokens, flight.tokens, flight, { $0.tokens }, { $0.tokens = $1 }, now)
    }
  }

  private mutating func learn(
    _ window: RateLimits.Window, _ bucket: WritableKeyPath<GateState, LimitBucket?>,
    _ expectation: LimitBucket.Expectation?, _ flight: Flight, _ amount: (Caller) -> Double,
    _ expect: (inout Flight, LimitBucket.Expectation) -> Void, _ now: Duration
  ) {
    if let expectation {
      self[keyPath: bucket]?.learn(window, expectation)
    } else if self[keyPath: bucket] == nil {
      // The first word on a limit: whoever is on the way since then has taken from it too.
      let later = flights.filter { $0.value.sent >= flight.sent }
      self[keyPath: bucket] = LimitBucket(
        window, later: later.reduce(0) { $0 + amount($1.value.caller) }, sent: flight.sent, at: now)
    }
  }

  private func buckets(_ caller: Caller) -> [(bucket: LimitBucket, amount: Double)] {
    var all: [(LimitBucket, Double)] = []
    if let setRequests { all.append((setRequests, 1)) }
    if let requests { all.append((requests, 1)) }
    if let setTokens { all.append((setTokens, caller.tokens)) }
    if let tokens { all.append((tokens, caller.tokens)) }
    return all
  }

  private mutating func refill(_ now: Duration) {
    setRequests?.refill(now)
    setTokens?.refill(now)
    requests?.refill(now)
    tokens?.refill(now)
  }
}
