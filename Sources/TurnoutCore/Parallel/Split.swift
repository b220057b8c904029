/// A document cut into sections, one step over all of them, several at once, outcomes in the document's order.
///
/// ```swift
/// let translate = Split(translator, atMost: 4, onFailure: .settle)
/// let translated = try await translate.run(manual)
/// print(translated.text)   // a section that failed stays as it was
/// ```
/// Sections that the splitter keeps, and those of white space alone, are not given to the step and have no outcome. A
/// step that wants to know what comes before its section reads ``SectionContext``.
public struct Split<S: Step<String, String>>: Step {
  private let name: String
  private let step: S
  private let splitter: DocumentSplitter
  private let preservesShape: Bool
  private let window: Int?
  private let fanOut: FanOut

  /// A step over the sections of a document.
  /// - Parameters:
  ///   - preservesShape: whether each output must have its section's headings, code blocks and tables, see
  ///     ``DocumentShape``. An agent is told what is missing and asked again; what still lacks it has failed.
  ///   - window: the most tokens that the step can read at once, by the counter of the splitter's limit or else by
  ///     ``TokenEstimate``; a section that is longer together with its context is an error before anything starts.
  ///   - timeout: how long one attempt at a section may take; more than zero.
  ///   - retry: how often a section is tried.
  public init(
    _ step: S, name: String? = nil, by splitter: DocumentSplitter = DocumentSplitter(), preservesShape: Bool = false,
    window: Int? = nil, atMost bound: Int = 8, onFailure policy: FailurePolicy = .failFast, timeout: Duration? = nil,
    retry: Retry = .never
  ) {
    self.name = name ?? "split \(step.identity.name)"
    self.step = step
    self.splitter = splitter
    self.preservesShape = preservesShape
    self.window = window
    fanOut = FanOut(bound: bound, policy: policy, effort: BranchEffort(timeout: timeout, retry: retry))
  }

  public var identity: StepIdentity { StepIdentity(.split, name) }
  public var outline: StepOutline {
    let splitter = splitter
    let sections = StepRepetition.perItem { input in
      input.value.flatMap { document in
        guard let sections = try? splitter.ownSections(of: document.text) else { return nil }
        let sent = sections.filter(\.isSent)
        let texts = sent.flatMap { [$0.input, $0.context] }.map { Value.string($0) }
        return ItemBound(count: sent.count, largest: InputBound(largest: texts))
      }
    }
    return StepOutline(identity, children: [step.outline.repeated(sections.attempted(fanOut.effort.retry.attempts))])
  }

  public func run(_ document: String, in run: Run) async throws -> SplitDocument {
    let sections = try await splitter.sections(of: document, in: run)
    let sent = sections.filter(\.isSent)
    try await checkWindow(sent, in: run)
    let step = step
    let needs: @Sendable (Int, PriceTable) -> WorstCase = {
      step.worstCase(for: sent[$0].context + sent[$0].input, prices: $1)
    }
    let outcomes = try await fanOut.run(count: sent.count, in: run, needs: needs) { index, run in
      var run = run
      run.values[SectionContext.self] = sent[index].context
      return try await work(on: sent[index], in: run, as: String(index))
    }
    return SplitDocument(sections: sections, outcomes: outcomes)
  }

  private func work(on section: Section, in run: Run, as name: String) async throws -> String {
    let effort = fanOut.effort
    guard preservesShape else { return try await effort.perform(step, section.input, as: name, in: run) }
    let shape = DocumentShape(of: section.text, at: section.place)
    let validator = OutputValidator<String> {
      shape.complaint(about: DocumentShape(of: section.fitting($0), at: section.place))
    }
    func perform(_ step: some Step<String, String>) async throws -> String {
      try await effort.perform(step, section.input, as: name, in: run)
    }
    func checked(_ step: some CheckedStep<String, String>) async throws -> String {
      try await perform(step.checking(validator))
    }
    let output =
      if let step = step as? any CheckedStep<String, String> { try await checked(step) } else {
        try await perform(step)
      }
    // Only an agent asks again; whatever answered is checked.
    if let complaint = try await validator.complaint(about: output) {
      throw TurnoutError.invalidOutput(complaint, attempts: 1)
    }
    return output
  }

  private func checkWindow(_ sections: [Section], in run: Run) async throws {
    guard let window else { return }
    for (index, section) in sections.enumerated() {
      var tokens = try await splitter.limit.tokens(section.input, in: run)
      if !section.context.isEmpty { tokens += try await splitter.limit.tokens(section.context, in: run) }
      guard tokens > window else { continue }
      throw TurnoutError.invalidInput(
        "section \(index), from line \(section.line), has \(tokens) tokens, and the context window is \(window): "
          + "lower the limit, or keep code and tables from the step")
    }
  }
}

/// What became of each section of a document.
public struct SplitDocument: Sendable, ValueConvertible {
  /// The sections, in order.
  public let sections: [Section]
  /// The outcomes of the sections that were given to the step, in the same order.
  public let outcomes: [Outcome<String>]

  /// The sections that were given to the step, one for each outcome.
  public var sent: [Section] { sections.filter(\.isSent) }

  /// The outputs joined with the document's own separators; a section without output stays as it was.
  public var text: String {
    var outcomes = outcomes[...]
    return sections.map { section in
      let output = section.isSent ? outcomes.popFirst()?.output : nil
      return (output.map(section.fitting) ?? section.text) + section.separator
    }.joined()
  }

  /// The outcomes.
  public var value: Value { outcomes.value }
}
