import TurnoutCore

/// Reads `split:` blocks.
struct SplitReader {
  let steps: StepReader

  private static let keys = [
    "by", "limit", "unit", "overlap", "keep", "oversized", "preserve", "window", "join",
  ]
  private static let borders: [(String, DocumentSplitter.Border)] = [
    ("headings", .headings), ("paragraphs", .paragraphs), ("sentences", .sentences), ("tokens", .tokens),
  ]

  func read(_ node: NodeReader, _ name: String, _ scope: TemplateScope) -> StepDefinition.Kind? {
    let keys = StepReader.keys + Self.keys + FanOutReader.policyKeys
    guard let members = node.members(keys, of: "the split step \"\(name)\"") else { return nil }
    var definition = SplitDefinition(splitter: splitter(members))
    definition.joins = members["join"]?.flag("join") ?? true
    definition.preservesShape = members["preserve"]?.flag("preserve") ?? false
    definition.window = members["window"]?.int("window", 1...100_000_000)
    var inner = scope
    inner.item = .string()
    inner.input = .string()
    inner.context = definition.splitter.overlap > 0 ? TemplateScope.ContextUse() : nil
    guard let step = steps.step(node, members, name: name, scope: inner) else { return nil }
    if inner.context?.isUsed == false {
      members["overlap"]?.complain("the overlap is not used: no template of the step names {{context}}")
    }
    return .split(definition, step, FanOutReader(steps: steps).fanOut(members, count: nil))
  }

  private func splitter(_ members: [String: NodeReader]) -> DocumentSplitter {
    let border = members["by"].flatMap { choice("by", $0, Self.borders) } ?? .headings
    let limit = members["limit"]?.int("limit", 1...1_000_000) ?? (border == .tokens ? 500 : 2_000)
    let overlap = members["overlap"]?.int("overlap", 0...1_000_000) ?? 0
    let oversized = members["oversized"].flatMap {
      choice("oversized", $0, [("whole", DocumentSplitter.Oversized.staysWhole), ("fail", .fails)])
    }
    return DocumentSplitter(
      by: border, limit: unit(members, border) ? .tokens(limit) : .characters(limit), overlap: overlap,
      keeping: Set(kept(members["keep"])), oversized: oversized ?? .staysWhole)
  }

  /// Whether limit and overlap are tokens.
  private func unit(_ members: [String: NodeReader], _ border: DocumentSplitter.Border) -> Bool {
    guard let node = members["unit"] else { return border == .tokens }
    let isTokens = choice("unit", node, [("characters", false), ("tokens", true)]) ?? (border == .tokens)
    if border == .tokens, !isTokens {
      node.complain("by: tokens counts tokens; leave unit out, or cut by something else")
    }
    return isTokens
  }

  private func kept(_ node: NodeReader?) -> [DocumentSplitter.KeptBlock] {
    (node?.list("keep") ?? []).compactMap {
      choice("keep", $0, DocumentSplitter.KeptBlock.allCases.map { ($0.rawValue, $0) })
    }
  }

  private func choice<T>(_ what: String, _ node: NodeReader, _ choices: [(String, T)]) -> T? {
    guard let word = node.text(what) else { return nil }
    if let choice = choices.first(where: { $0.0 == word }) { return choice.1 }
    let known = choices.map(\.0)
    let hint = word.nearest(of: known).map { "; did you mean \"\($0)\"?" } ?? ""
    node.complain("\(what) must be \(known.dropLast().joined(separator: ", ")) or \(known.last ?? "")\(hint)")
    return nil
  }
}
