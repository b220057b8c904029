import TurnoutCore

/// Takes the members of a JSON object and says which one is not what it should be.
struct ReportReader {
  let value: Value
  let place: String

  init(_ value: Value, at place: String) throws {
    guard value.object != nil else {
      throw EvaluationError.unreadable("\(place): an object was expected, not \(value.kindDescription)")
    }
    self.value = value
    self.place = place
  }

  func error(_ key: String, _ message: String) -> EvaluationError { .unreadable("\(place): \(key): \(message)") }

  private func expected<T>(_ what: String, _ key: String, _ found: T?) throws -> T {
    guard let found else { throw error(key, "\(what) was expected, not \(value[key]?.kindDescription ?? "nothing")") }
    return found
  }

  func string(_ key: String) throws -> String { try expected("a string", key, value[key]?.string) }
  func int(_ key: String) throws -> Int { try expected("an integer", key, value[key]?.int) }
  func double(_ key: String) throws -> Double { try expected("a number", key, value[key]?.double) }
  func bool(_ key: String) throws -> Bool { try expected("a boolean", key, value[key]?.bool) }
  func array(_ key: String) throws -> [Value] { try expected("an array", key, value[key]?.array) }

  func strings(_ key: String) throws -> [String] {
    try array(key).map { text in
      guard let text = text.string else { throw error(key, "a string was expected in it, not \(text.kindDescription)") }
      return text
    }
  }

  func duration(_ key: String) throws -> Duration {
    try expected("a time in milliseconds", key, Duration(milliseconds: try double(key)))
  }

  func usage(_ key: String) throws -> Usage {
    do { return try Usage(value: value[key] ?? .null) } catch { throw self.error(key, "\(error)") }
  }

  func object(_ key: String) throws -> ReportReader { try ReportReader(value[key] ?? .null, at: "\(place): \(key)") }

  /// The member, which may be null or missing.
  func optional<T>(_ key: String, _ read: (String) throws -> T) throws -> T? {
    guard let member = value[key], !member.isNull else { return nil }
    return try read(key)
  }
}
