public import TurnoutCore

extension BaselineComparison: ValueConvertible {
  /// `status` (`passed` or `failed`), `max_drop`, `shared`, `accuracy` and `out_of_scope_recall` with `before` and
  /// `after`, `comparison`, `worse` and `better` (`input`, `expected`, `before`, `after`), and the inputs `only_now` and
  /// `only_in_baseline`.
  public var value: Value {
    [
      "status": hasFailed ? "failed" : "passed", "max_drop": .double(maxDrop), "shared": .int(shared),
      "accuracy": accuracy.value, "out_of_scope_recall": outOfScopeRecall.value, "comparison": comparison.value,
      "worse": worse.value, "better": better.value, "only_now": .array(onlyNow.map { .string($0.input) }),
      "only_in_baseline": .array(onlyInBaseline.map { .string($0.input) }),
    ]
  }

  /// The comparison in lines for a person: the shares, then at most ten requests of each list.
  public var lines: [String] {
    var lines = [
      accuracy.line("accuracy in scope"), outOfScopeRecall.line("out of scope caught"),
      "\(shared) requests in both: \(worse.count) worse, \(better.count) better",
    ]
    if !onlyNow.isEmpty { lines.append("\(onlyNow.count) not in the baseline") }
    if !onlyInBaseline.isEmpty { lines.append("\(onlyInBaseline.count) only in the baseline") }
    for (word, changes) in [("worse", worse), ("better", better)] {
      lines += changes.prefix(10).map { change in
        let label = (change.after.expected ?? RouteTable.none).oneLine
        return "\(word): \(change.after.input.oneLine) (\(label)): "
          + "\(change.before.outcome.oneLine) → \(change.after.outcome.oneLine)"
      }
      if changes.count > 10 { lines.append("\(word): and \(changes.count - 10) more") }
    }
    lines.append(hasFailed ? "failed: it fell by more than \(TextColumns.percent(maxDrop))" : "passed")
    return lines
  }
}

extension BaselineComparison.Pair: ValueConvertible {
  /// `before` and `after`.
  public var value: Value { ["before": before.value, "after": after.value] }

  fileprivate func line(_ name: String) -> String {
    guard let drop, before.share != nil else { return "\(name): no requests" }
    let change = TextColumns.percent(-drop)
    return "\(name): \(TextColumns.percent(before.share)) → \(TextColumns.percent(after.share)) "
      + "(\(drop < 0 ? "+" : "")\(change))"
  }
}

extension BaselineComparison.Change: ValueConvertible {
  /// `input`, `expected`, and what was decided `before` and `after`.
  public var value: Value {
    [
      "input": .string(after.input), "expected": after.expected.map { .string($0) } ?? .null,
      "before": .string(before.outcome), "after": .string(after.outcome),
    ]
  }
}

extension EvaluatedRequest {
  /// What was decided, in words: the routes, `none` or `failed`.
  var outcome: String {
    guard kind != nil else { return "failed" }
    return routes.isEmpty ? RouteTable.none : routes.joined(separator: " + ")
  }
}

extension String {
  /// The text in one line without control characters, at most 100 letters.
  var oneLine: String {
    let plain = String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? " " : $0 }))
    return plain.count > 100 ? plain.prefix(99) + "…" : plain
  }
}

extension Unicode.Scalar {
  /// Whether it could move the cursor, or turn the direction of what follows.
  var isControl: Bool {
    switch properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
    }
  }
}
