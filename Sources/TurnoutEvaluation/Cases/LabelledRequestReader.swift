import TurnoutCore

/// Reads labelled requests line by line and collects what is wrong instead of stopping at the first.
struct LabelledRequestReader {
  static let sizeLimit = 512 << 20
  private static let lineLimit = 1 << 20
  private static let mostProblems = 20

  private let file: String
  private let routes: [String]?
  private let known: Set<String>
  private let allowConflicts: Bool
  private let ignoreLabels: Bool
  private var lines = LineSplitter(limit: lineLimit)
  private var requests: [LabelledRequest] = []
  private var places: [String: [Int]] = [:]
  private var errors: [LabelledRequests.Problem] = []
  private var errorCount = 0
  private var warnings: [LabelledRequests.Problem] = []
  private var duplicates = 0
  private var conflicts = 0
  /// Empty lines, which are errors once another line follows; only as many as can be named.
  private var empty: [Int] = []
  private var emptyCount = 0

  init(file: String, routes: [String]? = nil, allowConflicts: Bool = false, ignoreLabels: Bool = false) {
    self.file = file
    self.routes = routes
    known = Set(routes ?? [])
    self.allowConflicts = allowConflicts
    self.ignoreLabels = ignoreLabels
  }

  mutating func read(_ bytes: UnsafeRawBufferPointer) {
    var lines = lines
    lines.feed(bytes) { line, number in take(line, number) }
    self.lines = lines
  }

  mutating func finish() throws -> LabelledRequests {
    var lines = lines
    lines.finish { line, number in take(line, number) }
    if requests.isEmpty, errors.isEmpty {
      let example = ignoreLabels ? #"{"input": "..."}"# : #"{"input": "...", "route": "..."}"#
      fail(1, "there are no requests; a line should look like \(example)")
    }
    guard errors.isEmpty else { throw LabelledRequestsError(errors, count: errorCount) }
    return LabelledRequests(requests: requests, warnings: warnings, duplicates: duplicates, conflicts: conflicts)
  }

  private mutating func fail(_ line: Int, _ message: String) {
    errorCount += 1
    guard errors.count < Self.mostProblems else { return }
    errors.append(LabelledRequests.Problem(file: file, line: line, message: message))
  }

  private mutating func warn(_ line: Int, _ message: String) {
    guard warnings.count < Self.mostProblems else { return }
    warnings.append(LabelledRequests.Problem(file: file, line: line, message: message))
  }

  private mutating func take(_ line: LineSplitter.Line, _ number: Int) {
    guard case .bytes(let bytes) = line else {
      flushEmpty()
      return fail(number, "the line is longer than 1 MiB")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      flushEmpty()
      return fail(number, "not UTF-8")
    }
    // Some editors begin files with a mark that is no part of the text.
    let start = number == 1 && text.unicodeScalars.first == "\u{FEFF}" ? 3 : 0
    let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
    if rest.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
      emptyCount += 1
      if empty.count < Self.mostProblems { empty.append(number) }
      return
    }
    flushEmpty()
    do { parse(try Value(json: rest), number) } catch { fail(number, "\(error)") }
  }

  private mutating func flushEmpty() {
    for line in empty { fail(line, "the line is empty") }
    errorCount += emptyCount - empty.count
    empty.removeAll()
    emptyCount = 0
  }

  private mutating func parse(_ value: Value, _ line: Int) {
    guard case .object(let object) = value else {
      let keys = ignoreLabels ? "input" : "input and route"
      return fail(line, "an object with \(keys) was expected, not \(value.kindDescription)")
    }
    guard let given = object["input"] else { return fail(line, "input is missing") }
    guard let input = given.string else {
      return fail(line, "input: a string was expected, not \(given.kindDescription)")
    }
    guard input.contains(where: { !$0.isWhitespace }) else { return fail(line, "input is empty") }
    guard !ignoreLabels else { return add(LabelledRequest(input, route: nil, line: line)) }
    guard let label = object["route"] else {
      return fail(line, "route is missing; write null for a request that belongs to none")
    }
    guard label.isNull || label.string != nil else {
      return fail(line, "route: a name or null was expected, not \(label.kindDescription)")
    }
    if let name = label.string, let complaint = complaint(about: name) { return fail(line, complaint) }
    add(LabelledRequest(input, route: label.string, line: line))
  }

  private func complaint(about name: String) -> String? {
    if name == RouteTable.none { return "route: \"none\" is no route; write null for a request that belongs to none" }
    if name.isEmpty { return "route is empty; write null for a request that belongs to none" }
    guard let routes, !known.contains(name) else { return nil }
    return
      "route: there is no route \"\(String(name.prefix(60)).oneLine)\"\(RouteHint.hint(for: name, among: routes))"
  }

  private mutating func add(_ request: LabelledRequest) {
    let before = (places[request.input] ?? []).map { requests[$0] }
    if let same = before.first(where: { $0.route == request.route }) {
      duplicates += 1
      // People ask the same again and again.
      if ignoreLabels { return }
      return warn(request.line, "left out, since line \(same.line) is the same request with the same route")
    }
    if let other = before.first {
      conflicts += 1
      let message =
        "the same request is \(Self.shown(other.route)) in line \(other.line) and \(Self.shown(request.route)) here"
      guard allowConflicts else { return fail(request.line, message) }
      warn(request.line, message)
    }
    places[request.input, default: []].append(requests.count)
    requests.append(request)
  }

  private static func shown(_ route: String?) -> String { route.map { "\"\($0.oneLine)\"" } ?? "null" }
}
