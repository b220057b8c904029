import TurnoutCore
import TurnoutEvaluation

/// A plan for a person: the tree with the most that each step can use, and below it what has no bound and why.
struct PlanView {
  private let plan: Plan
  private let prices: PriceTable
  private let problem: String?
  private let terminal: Terminal

  init(_ plan: Plan, prices: PriceTable, problem: String?, _ terminal: Terminal) {
    self.plan = plan
    self.prices = prices
    self.problem = problem
    self.terminal = terminal
  }

  private static let titles = ["step", "kind", "model", "times", "calls", "tokens in", "tokens out", "cost"]
  /// The columns of numbers.
  private static let isRight = [false, false, false, true, true, true, true, true]

  var text: String {
    var rows = [Self.titles]
    add(plan, lead: "", below: "", to: &rows)
    let widths = Self.titles.indices.map { column in rows.map { TextColumns.width($0[column]) }.max() ?? 0 }
    var lines: [String] = []
    for (index, row) in rows.enumerated() {
      let cells = row.enumerated().map { column, cell in
        Self.isRight[column] ? TextColumns.right(cell, widths[column]) : TextColumns.left(cell, widths[column])
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      lines.append(index == 0 ? terminal.dim(line) : index == 1 ? terminal.bold(line) : line)
    }
    lines.append("")
    lines += plan.worst.unbounded.map { "no bound: \($0)" }
    if let problem { lines.append(terminal.red("it will not run: ") + problem) }
    if let budget = plan.outline.budget { lines.append("the budget of a run: \(Self.words(budget))") }
    if let day = pricedOn { lines.append(terminal.dim("prices of \(day)")) }
    while lines.last?.isEmpty == true { lines.removeLast() }
    return lines.joined(separator: "\n")
  }

  private func add(_ plan: Plan, lead: String, below: String, to rows: inout [[String]]) {
    let outline = plan.outline
    let budget = outline.budget == nil ? "" : " ≤"
    rows.append([
      lead + Terminal.fit(outline.name, 40), outline.kind.name + budget, outline.model ?? "",
      plan.isChoice ? "≤ \(number(plan.times))" : number(plan.times), number(plan.worst.calls),
      number(plan.worst.inputTokens), number(plan.worst.outputTokens), plan.worst.money.map { "\($0)" } ?? "?",
    ])
    for (index, child) in plan.children.enumerated() {
      let isLast = index == plan.children.count - 1
      add(
        child, lead: below + (isLast ? "└─ " : "├─ "), below: below + (isLast ? "   " : "│  "),
        to: &rows)
    }
  }

  private func number(_ count: Int?) -> String {
    guard let count else { return "?" }
    var digits = String(count)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return ([digits] + groups).joined(separator: ",")
  }

  /// The oldest day of the prices used.
  private var pricedOn: String? {
    func days(_ plan: Plan) -> [String] {
      let own = plan.outline.asking == nil ? nil : plan.outline.model.flatMap { prices[$0]?.date }
      return plan.children.reduce(own.map { [$0] } ?? []) { $0 + days($1) }
    }
    return days(plan).min()
  }

  private static func words(_ budget: Budget) -> String {
    let parts = [
      budget.money.map { "\($0)" }, budget.calls.map { "\($0) calls" }, budget.tokens.map { "\($0) tokens" },
    ]
    return parts.compactMap { $0 }.joined(separator: ", ")
  }
}
