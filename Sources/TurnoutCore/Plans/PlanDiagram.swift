extension Plan {
  /// The step tree as a Mermaid flowchart, each step with its kind, its model and what it can use at worst.
  ///
  /// ```mermaid
  /// flowchart TD
  ///   s0["support<br/>route<br/>2 calls"]
  ///   s1["consult<br/>agent, openai:gpt-4o-mini<br/>1 call"]
  ///   s0 -.-> s1
  /// ```
  /// A dotted line leads to a step that is one of several of which some are chosen; a line's text is how often it runs.
  public var mermaid: String {
    var lines = ["flowchart TD"]
    var next = 0
    draw(&lines, &next)
    return lines.joined(separator: "\n") + "\n"
  }

  @discardableResult
  private func draw(_ lines: inout [String], _ next: inout Int) -> String {
    let id = "s\(next)"
    next += 1
    let work = ([outline.kind.name] + [outline.model].compactMap { $0 }).joined(separator: ", ")
    let amounts = [
      worst.calls.map { $0 == 1 ? "1 call" : "\($0) calls" }, worst.money.flatMap { $0 == .zero ? nil : "\($0)" },
    ]
    let texts = [outline.name, work, amounts.compactMap { $0 }.joined(separator: ", ")].filter { !$0.isEmpty }
    lines.append("  \(id)[\"\(texts.map(Self.escaped).joined(separator: "<br/>"))\"]")
    for child in children {
      let childID = child.draw(&lines, &next)
      let arrow = child.isChoice ? "-.->" : "-->"
      lines.append("  \(id) \(arrow)\(child.often.map { "|\($0)|" } ?? "") \(childID)")
    }
    return id
  }

  /// How often one run of the parent runs it, where that is not once.
  private var often: String? {
    switch outline.repetition {
    case .times(1), .choice: nil
    case .times(let count): "\(count) times"
    case .perItem: times.map { "at most \($0) times" } ?? "each"
    }
  }

  private static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\"": result += "#quot;"
      case "#": result += "#35;"
      case "<": result += "#lt;"
      case ">": result += "#gt;"
      case _ where character.isNewline: result += " "
      default: result.append(character)
      }
    }
    return result
  }
}
