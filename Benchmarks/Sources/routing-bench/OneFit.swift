import TurnoutEvaluation

/// Small sets, fitted once on all there is.
enum OneFit {
  static func shop(_ bench: Bench) async throws -> Section {
    let set = try bench.data.set(.curekart)
    let scored = try await bench.whole(set).scored
    let point = scored.points.catching(0.8)
    return Section(
      title: "\(set.name): fitted on all \(set.train.count) lines of train; (Wilson's interval at 95 %)",
      lines: [
        Line(
          "right in scope where 80 % of the others are caught", .share(point?.accuracy ?? Proportion(0, of: 0)),
          .atLeast(77)),
        Line("right route in scope, none not offered", .share(scored.inScope.proportion(\.isBestRight))),
        Line("caught at the bar of the fit", .share(scored.strangers.proportion(\.isNone))),
        Line("right in scope at the bar of the fit", .share(scored.inScope.proportion(\.isRight))),
        Line("area under the curve of none", .plain(scored.areaUnderCurve, places: 3)),
      ])
  }

  static func health(_ bench: Bench) async throws -> Section {
    let set = try bench.data.set(.healthcare)
    let scored = try await bench.whole(set).scored
    return Section(
      title: "\(set.name): fitted on all \(set.train.count) lines of train; (Wilson's interval at 95 %)",
      lines: [
        Line("right, none counted as an answer", .share(scored.proportion(\.isRight)), .above(54.2)),
        Line("right in scope", .share(scored.inScope.proportion(\.isRight))),
        Line("caught out of scope", .share(scored.strangers.proportion(\.isNone))),
      ])
  }
}
