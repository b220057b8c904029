extension RouteDecision {
  /// Reads a decision as ``value`` writes it, with the numbers to as many decimals as were written.
  ///
  /// ```swift
  /// let again = try RouteDecision(value: Value(json: decision.value.json()))
  /// ```
  /// `kind` and `routes` must fit: no route for *none*, one for *route*, two or more for *several*. What is written
  /// only at times (`notes`, `is_sure`, `duration_ms`, `usage`) may be missing; `margin` follows from the scores and is
  /// not read. Other keys are ignored.
  /// - Throws: ``TurnoutError`` that names the key that is missing or holds something else.
  public init(value: Value) throws {
    let reader = DecisionReader(value)
    try reader.checkIsObject()
    let word = try reader.string("kind")
    guard let kind = Kind(rawValue: word) else {
      throw reader.error("kind", "route, none or several was expected, not \"\(word.prefix(40))\"")
    }
    let routes = try reader.strings("routes")
    guard kind.fits(routes.count) else {
      throw reader.error("routes", "\(routes.count) do not fit the kind \(kind.rawValue)")
    }
    self.init(
      kind, routes: routes, by: try reader.string("decided_by"),
      confidence: try reader.optional("confidence", reader.number), scores: try reader.scores("scores"),
      reasoning: try reader.optional("reasoning", reader.string), evidence: try reader.evidence("evidence"),
      notes: reader.has("notes") ? try reader.strings("notes") : [],
      isSure: reader.has("is_sure") ? try reader.bool("is_sure") : true)
    if reader.has("duration_ms") { duration = try reader.duration("duration_ms") }
    if let used = value["usage"] { usage = try Usage(value: used) }
  }
}

extension RouteDecision.Kind {
  fileprivate func fits(_ routes: Int) -> Bool {
    switch self {
    case .none: routes == 0
    case .route: routes == 1
    case .several: routes > 1
    }
  }
}

/// Takes the members of a decision's JSON and says which one is not what it should be.
private struct DecisionReader {
  private let value: Value
  private let place: String

  init(_ value: Value, at place: String = "decision") {
    self.value = value
    self.place = place
  }

  func error(_ key: String, _ message: String) -> TurnoutError { .invalidInput("\(place): \(key): \(message)") }

  private func expected<T>(_ what: String, _ key: String, _ found: T?) throws -> T {
    guard let found else {
      throw error(key, "\(what) was expected, not \(value[key]?.kindDescription ?? "nothing")")
    }
    return found
  }

  func checkIsObject() throws {
    guard value.object == nil else { return }
    throw TurnoutError.invalidInput("\(place): an object was expected, not \(value.kindDescription)")
  }

  func has(_ key: String) -> Bool { value[key] != nil }
  func string(_ key: String) throws -> String { try expected("a string", key, value[key]?.string) }
  func bool(_ key: String) throws -> Bool { try expected("a boolean", key, value[key]?.bool) }

  func number(_ key: String) throws -> Double {
    let number = try expected("a number", key, value[key]?.double)
    guard number.isFinite else { throw error(key, "the number is not finite") }
    return number
  }

  func duration(_ key: String) throws -> Duration {
    try expected("a time in milliseconds", key, Duration(milliseconds: try number(key)))
  }

  /// The member, which must be there but may be null.
  func optional<T>(_ key: String, _ read: (String) throws -> T) throws -> T? {
    if let member = value[key], member.isNull { return nil }
    return try read(key)
  }

  func strings(_ key: String) throws -> [String] {
    let texts = try expected("an array", key, value[key]?.array)
    return try texts.map { text in
      guard let text = text.string else { throw error(key, "a string was expected in it, not \(text.kindDescription)") }
      return text
    }
  }

  func scores(_ key: String) throws -> [RouteScore] {
    let object = try expected("an object", key, value[key]?.object)
    let reader = DecisionReader(.object(object), at: "\(place): \(key)")
    return try object.map { RouteScore($0.key, try reader.number($0.key)) }
  }

  func evidence(_ key: String) throws -> [RouteEvidence] {
    try expected("an array", key, value[key]?.array).enumerated().map { position, value in
      let reader = DecisionReader(value, at: "\(place): \(key)[\(position)]")
      try reader.checkIsObject()
      return RouteEvidence(
        route: try reader.string("route"), text: try reader.string("text"), similarity: try reader.number("similarity"))
    }
  }
}
