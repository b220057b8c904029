extension ValueField {
  /// Reads one of several values by its name: how an enum whose cases carry nothing is read.
  ///
  /// ```swift
  /// self = try field.choice(["low": .low, "high": .high])
  /// ```
  /// - Throws: ``SchemaViolation`` for another text and for what is no text.
  public func choice<Choice>(_ choices: KeyValuePairs<String, Choice>) throws -> Choice {
    if let name = value.string, let choice = choices.first(where: { $0.key == name }) { return choice.value }
    throw violation(against: choices.map(\.key))
  }

  /// Reads the member `case`, which must be one of the names: what tells the cases of an enum with values apart.
  ///
  /// ```swift
  /// switch try field.caseName(["circle", "square"]) { … }
  /// ```
  /// - Throws: ``SchemaViolation`` for another text and for what has no such member.
  public func caseName(_ names: [String]) throws -> String {
    let name = try decode("case", as: String.self)
    if names.contains(name) { return name }
    throw ValueField(.string(name), at: path.appending("case")).violation(against: names)
  }

  /// Checks that this is an object: all that a struct without stored properties asks for.
  /// - Throws: ``SchemaViolation`` for everything else.
  public func requireObject() throws {
    if value.object == nil { throw mismatch("an object") }
  }

  /// The error of the schema itself, so that reading and checking speak with one voice.
  private func violation(against names: [String]) -> any Error {
    do { try Schema.choice(names).check(value, at: path) } catch { return error }
    return mismatch("another text")
  }
}
