import TurnoutCore

/// The share that is right against the confidence, as a drawing; on the line, confidence means what it says.
struct ReliabilityDiagram {
  private let calibration: Calibration
  private static let size = 300.0
  private static let edge = 40.0

  init(_ calibration: Calibration) { self.calibration = calibration }

  /// The drawing with a table of its numbers; nothing without rows.
  var html: String {
    guard !calibration.bins.isEmpty else { return "" }
    let most = Double(calibration.bins.map(\.rows).max() ?? 1)
    let points = calibration.bins.map { bin in
      let radius = TextColumns.decimal(3 + 4 * Double(bin.rows) / most, 1)
      return "<circle cx=\"\(x(bin.confidence))\" cy=\"\(y(bin.accuracy))\" r=\"\(radius)\"><title>"
        + "\(bin.rows) requests: confidence \(TextColumns.percent(bin.confidence)), right "
        + "\(TextColumns.percent(bin.accuracy))</title></circle>"
    }
    let line = calibration.bins.map { "\(x($0.confidence)),\(y($0.accuracy))" }.joined(separator: " ")
    let marks = [0.0, 0.5, 1.0].map { share in
      "<text x=\"\(x(share))\" y=\"\(TextColumns.decimal(Self.size + 18, 1))\" text-anchor=\"middle\">"
        + "\(TextColumns.decimal(share, 1))</text><text x=\"\(TextColumns.decimal(Self.edge - 6, 1))\" y=\"\(y(share))\" "
        + "text-anchor=\"end\" dominant-baseline=\"middle\">\(TextColumns.decimal(share, 1))</text>"
    }
    let rows = calibration.bins.map {
      "<tr><td>\($0.rows)</td><td>\(TextColumns.percent($0.confidence))</td>"
        + "<td>\(TextColumns.percent($0.accuracy))</td></tr>"
    }
    return """
      <section>
      <h2>Reliability</h2>
      <p>Expected calibration error \(TextColumns.percent(calibration.expectedError)), over \
      \(calibration.bins.count) bins of equal mass.</p>
      <svg viewBox="0 0 350 340" role="img" aria-label="Share right against confidence">
      <rect x="\(x(0))" y="\(y(1))" width="260" height="260" fill="none" stroke="currentColor"/>
      <line x1="\(x(0))" y1="\(y(0))" x2="\(x(1))" y2="\(y(1))" stroke="currentColor"/>
      <polyline points="\(line)" fill="none" stroke="currentColor"/>
      \(points.joined(separator: "\n"))
      \(marks.joined(separator: "\n"))
      <text x="\(x(0.5))" y="335" text-anchor="middle">confidence</text>
      <text x="\(x(0))" y="26">share right</text>
      </svg>
      <details><summary>The bins</summary>
      <div class="scroll"><table>
      <caption>The bins</caption>
      <thead><tr><th scope="col">Requests</th><th scope="col">Confidence</th><th scope="col">Right</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table></div></details>
      </section>
      """
  }

  private func x(_ share: Double) -> String {
    TextColumns.decimal(Self.edge + min(max(share, 0), 1) * (Self.size - Self.edge), 1)
  }

  private func y(_ share: Double) -> String {
    TextColumns.decimal(Self.size - min(max(share, 0), 1) * (Self.size - Self.edge), 1)
  }
}
