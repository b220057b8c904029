import TurnoutCore

/// Reads the lines of a file of decisions.
struct DecisionLogReader {
  struct Contents {
    let decisions: [String: RouteDecision]
    let hasHeader: Bool
    /// The bytes up to the last line feed; what comes after is what a crash left.
    let wholeBytes: Int
  }

  static let version = 1
  static let sizeLimit = 4 << 30
  static let lineLimit = 4 << 20

  private let path: String
  private let fingerprint: String
  private var lines = LineSplitter(limit: lineLimit)
  private var decisions: [String: RouteDecision] = [:]
  private var hasHeader = false
  private var wholeBytes = 0
  private var read = 0
  private var failure: EvaluationError?

  init(path: String, fingerprint: String) {
    self.path = path
    self.fingerprint = fingerprint
  }

  mutating func read(_ bytes: UnsafeRawBufferPointer) {
    if let last = bytes.lastIndex(of: UInt8(ascii: "\n")) { wholeBytes = read + last + 1 }
    read += bytes.count
    var lines = lines
    lines.feed(bytes) { line, number in
      guard failure == nil else { return }
      do throws(EvaluationError) { try take(line, number) } catch { failure = error }
    }
    self.lines = lines
  }

  func finish() throws -> Contents {
    if let failure { throw failure }
    // A beginning that is not a header's is somebody else's file, which must not be cut.
    if !hasHeader, read > 0, !lines.isBeginning(of: #"{"turnout_decisions""#) { throw foreign }
    return Contents(decisions: decisions, hasHeader: hasHeader, wholeBytes: wholeBytes)
  }

  private var foreign: EvaluationError {
    .recording("\(path): it is no file of decisions; choose another --record file")
  }

  private mutating func take(_ line: LineSplitter.Line, _ number: Int) throws(EvaluationError) {
    guard case .bytes(let bytes) = line else {
      throw hasHeader ? EvaluationError.recording("\(path):\(number): the line is longer than 4 MiB") : foreign
    }
    guard hasHeader else { return try takeHeader(bytes) }
    do {
      let value = try Value(json: bytes)
      decisions[try ReportReader(value, at: "line").string("input")] = try Self.decision(in: value)
    } catch {
      throw EvaluationError.recording("\(path):\(number): \(error); delete the line, or the file")
    }
  }

  private mutating func takeHeader(_ bytes: UnsafeRawBufferPointer) throws(EvaluationError) {
    guard let header = try? Value(json: bytes), let version = header["turnout_decisions"]?.int,
      let found = header["fingerprint"]?.string
    else { throw foreign }
    guard version == Self.version else {
      throw EvaluationError.recording(
        "\(path): it has version \(version) and only \(Self.version) can be read; delete it or choose another "
          + "--record file")
    }
    guard found == fingerprint else {
      throw EvaluationError.otherRun(
        "\(path): its decisions were made with other routes, selectors or models; delete it or choose another "
          + "--record file")
    }
    hasHeader = true
  }

  static func decision(in line: Value) throws -> RouteDecision {
    let reader = try ReportReader(line, at: "line")
    var decision = try RouteDecision(value: try reader.object("decision").value)
    decision.duration = try reader.duration("duration_ms")
    decision.usage = try reader.usage("usage")
    return decision
  }
}
