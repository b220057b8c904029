/// A document cut into sections, one step over all of them, several at once, outcomes in the document's order.
///
/// ```swift
/// let translate = Split(translator, atMost: 4, onFailure: .settle)
/// let translated = try await translate.run(manual)
/// print(translated.text)   // a section that failed stays as it was
/// ```
public struct Split<S: Step<String, String>>: Step {
  private let name: String
  private let step: S
  private let splitter: DocumentSplitter
  private let fanOut: FanOut

  /// A step over the sections of a document.
  /// - Parameters:
  ///   - timeout: how long one attempt at a section may take; more than zero.
  ///   - retry: how often a section is tried.
  public init(
    _ step: S, name: String? = nil, by splitter: DocumentSplitter = DocumentSplitter(), atMost bound: Int = 8,
    onFailure policy: FailurePolicy = .failFast, timeout: Duration? = nil, retry: Retry = .never
  ) {
    self.name = name ?? "split \(step.identity.name)"
    self.step = step
    self.splitter = splitter
    fanOut = FanOut(bound: bound, policy: policy, effort: BranchEffort(timeout: timeout, retry: retry))
  }

  public var identity: StepIdentity { StepIdentity(.split, name) }
  public var outline: StepOutline {
    let splitter = splitter
    let sections = StepRepetition.perItem { input in
      input.value.map { document in
        let sections = splitter.sections(of: document.text).map { Value.string($0.text) }
        return ItemBound(count: sections.count, largest: InputBound(largest: sections))
      }
    }
    return StepOutline(identity, children: [step.outline.repeated(sections.attempted(fanOut.effort.retry.attempts))])
  }

  public func run(_ document: String, in run: Run) async throws -> SplitDocument {
    let sections = splitter.sections(of: document)
    let (step, effort) = (step, fanOut.effort)
    let needs: @Sendable (Int, PriceTable) -> WorstCase = { step.worstCase(for: sections[$0].text, prices: $1) }
    let outcomes = try await fanOut.run(count: sections.count, in: run, needs: needs) { index, run in
      // White space alone is nothing to work on.
      if sections[index].text.isEmpty { return "" }
      return try await effort.perform(step, sections[index].text, as: String(index), in: run)
    }
    return SplitDocument(sections: sections, outcomes: outcomes)
  }
}

/// What became of each section of a document.
public struct SplitDocument: Sendable, ValueConvertible {
  /// The sections, in order.
  public let sections: [Section]
  /// Their outcomes, in the same order.
  public let outcomes: [Outcome<String>]

  /// The outputs joined with the document's own separators; a section without output stays as it was.
  public var text: String {
    zip(sections, outcomes).map { section, outcome in
      (outcome.output.map(Self.trimmed) ?? section.text) + section.separator
    }.joined()
  }

  /// The outcomes.
  public var value: Value { outcomes.value }

  private static func trimmed(_ text: String) -> String {
    let end = text.lastIndex { !$0.isWhitespace }.map { text.index(after: $0) } ?? text.startIndex
    return String(text[..<end])
  }
}
