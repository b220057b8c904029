/// What a tree of steps can use at worst, step by step, before anything runs.
///
/// ```swift
/// let plan = Plan(panel.outline, input: InputBound(of: question), prices: .standard)
/// print(plan.worst.calls ?? "no bound", plan.worst.money ?? "no bound")
/// ```
/// The bound is that of the requests that are made when everything takes as long as it may: every answer sent back as
/// often as allowed, every tool turn used, the dearest branches chosen. Every value in reach of a prompt is taken to be
/// as long as the longest one can be; a token that a model has written for at most ``bytesPerToken`` bytes.
public struct Plan: Sendable {
  /// The step.
  public let outline: StepOutline
  /// How often it runs at most, in one run of the whole; nil where nobody knows.
  public let times: Int?
  /// Whether it is one of several of which some are chosen.
  public var isChoice: Bool { if case .choice = outline.repetition { true } else { false } }
  /// The most that it uses in one run of the whole, everything inside included.
  public let worst: WorstCase
  /// The steps inside.
  public let children: [Plan]

  /// What one token that was written is read again as, at most.
  static let bytesPerToken = 8

  /// A plan for an input of which something is known, with the prices of models.
  public init(_ outline: StepOutline, input: InputBound = InputBound(bytes: nil), prices: PriceTable = .standard) {
    self = OutlineWalk(prices: prices).plan(outline, input, times: 1).plan
  }

  fileprivate init(_ outline: StepOutline, times: Int?, worst: WorstCase, children: [Plan]) {
    self.outline = outline
    self.times = times
    self.worst = worst
    self.children = children
  }
}

/// Walks an outline. What reaches a prompt is bounded by one number: the size of the largest thing in reach.
private struct OutlineWalk {
  let prices: PriceTable

  /// Kinds of steps whose children are all given the input itself.
  private static let sharesInput: Set<StepKind> = [.parallel, .race, .route, .fallback, .vote, .mixture]

  /// A step's plan, for all its times together; what one time uses; and the most bytes of its output.
  typealias Planned = (plan: Plan, once: WorstCase, output: Int?)

  func plan(_ outline: StepOutline, _ input: InputBound, times: Int?) -> Planned {
    var once = outline.asking.map { asking($0, outline, input.bytes) } ?? .none
    var children: [Plan] = []
    var chosen: [WorstCase] = []
    // What is in reach of the next child: the input, and what came out before.
    var reach = input
    var outputs: [Int?] = []
    for child in outline.children {
      var inside = reach
      if child.gathers { inside = InputBound(bytes: sum([reach.bytes] + outputs)) }
      var count: Int? = 1
      switch child.repetition {
      case .times(let number): count = number
      case .perItem(let find):
        let items = find(inside)
        count = items?.count
        inside = items?.largest ?? InputBound(bytes: inside.bytes)
      case .choice: break
      }
      if child.gathersItself {
        // What comes out is bounded by output limits, whatever goes in; else nobody knows.
        let written = count.flatMap { count in plan(child, inside, times: 1).output?.multipliedClamped(by: count) }
        inside = InputBound(bytes: sum([inside.bytes, written]))
      }
      let planned = plan(child, inside, times: multiplied(times, count))
      children.append(planned.plan)
      if case .choice = child.repetition {
        chosen.append(planned.once)
      } else {
        once = once + planned.once.times(count, "how often \(child.name) runs depends on its input")
      }
      let output = count.flatMap { count in planned.output?.multipliedClamped(by: max(1, count)) }
      outputs.append(output)
      // Steps over one input see nothing of each other; all others can name anything that was said so far.
      if !Self.sharesInput.contains(outline.kind) { reach = InputBound(bytes: largest(reach.bytes, output)) }
    }
    once = once + WorstCase.largest(outline.choices, of: chosen)
    if let budget = outline.budget { once = once.within(budget) }
    let all = once.times(times, "how often \(outline.name) runs depends on its input")
    let own = outline.asking.map { $0.outputTokens?.multipliedClamped(by: Plan.bytesPerToken) }
    // What a gate lets pass is what it was given.
    if outline.kind == .gate { return (Plan(outline, times: times, worst: all, children: children), once, input.bytes) }
    let output = own ?? (outline.children.isEmpty ? outline.written?.size(input.bytes) : sum(outputs))
    return (Plan(outline, times: times, worst: all, children: children), once, output)
  }

  private func asking(_ bound: AskingBound, _ outline: StepOutline, _ size: Int?) -> WorstCase {
    let prompt: Int? =
      if let fixed = bound.fixedBytes, let insertions = bound.insertions {
        PromptBound(bytes: fixed, insertions: insertions).size(size)
      } else { nil }
    let calls = bound.calls
    // Each call reads what was said in the calls before it: 0 + 1 + 2 + … times.
    let again = calls.multipliedClamped(by: max(0, calls - 1)) / 2
    let input = prompt.flatMap { prompt -> Int? in
      guard let written = bound.outputTokens ?? (again == 0 ? 0 : nil) else { return nil }
      let first = prompt.addingClamped(2 * AskingBound.messageTokens)
      let turn = written.addingClamped(bound.resultTokens).addingClamped(2 * AskingBound.messageTokens)
      return first.multipliedClamped(by: calls).addingClamped(turn.multipliedClamped(by: again))
    }
    let output = bound.outputTokens.map { $0.multipliedClamped(by: calls) }
    var one = WorstCase(calls: calls, inputTokens: input, outputTokens: output)
    if bound.outputTokens == nil { one.unbounded.append("\(outline.name) has no max_tokens") }
    if prompt == nil { one.unbounded.append("how long the prompt of \(outline.name) is depends on its input") }
    let models = bound.attempts.isEmpty ? [ModelAttempts(outline.model ?? outline.name)] : bound.attempts
    return models.reduce(.none) { $0 + priced(one, as: $1.model).times($1.most, "") }
  }

  /// What calls take, with what they cost when they are calls of a model.
  private func priced(_ calls: WorstCase, as model: String) -> WorstCase {
    var worst = calls
    let price = prices[model]
    if price == .free {
      worst.money = .zero
    } else if let price, let input = calls.inputTokens, let output = calls.outputTokens {
      worst.money = price.most(input: input, output: output)
    } else {
      worst.money = nil
    }
    if price == nil { worst.unbounded.append("the price of \(model) is not known") }
    return worst
  }

  private func sum(_ parts: [Int?]) -> Int? {
    parts.reduce(Int?(0)) { total, part in
      guard let total, let part else { return nil }
      return total.addingClamped(part)
    }
  }

  private func largest(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return nil }
    return max(left, right)
  }

  private func multiplied(_ left: Int?, _ right: Int?) -> Int? {
    guard let left, let right else { return nil }
    return left.multipliedClamped(by: right)
  }
}
