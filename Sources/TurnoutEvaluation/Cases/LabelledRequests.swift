public import TurnoutCore

/// Labelled requests, read from JSON lines and checked.
///
/// ```
/// {"input": "when does the new phone come out", "route": "sales"}
/// {"input": "what is the capital of France", "route": null}
/// ```
/// `null` says that none of the routes is meant. Other keys are ignored, and so are empty lines at the end.
///
/// ```swift
/// let labelled = try LabelledRequests(contentsOf: "requests.jsonl", routes: table.routes.map(\.name))
/// for warning in labelled.warnings { print(warning) }
/// ```
/// A request that is there twice with one label is kept once and makes a warning. With two labels it is an error,
/// unless conflicts are allowed: then both are kept, with a warning, and one of them can only be decided wrongly.
public struct LabelledRequests: Sendable, Hashable {
  /// Something about a line of a file: printed as `file:line: message`.
  public struct Problem: Sendable, Hashable, CustomStringConvertible {
    /// The file, as it was named.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// What is wrong and, where there is one, the nearest valid name.
    public let message: String

    public var description: String { "\(file):\(line): \(message)" }
  }

  /// The requests in the order of the file, without duplicates.
  public let requests: [LabelledRequest]
  /// What to know about the file, at most 20 of them: duplicates, and conflicts where they are allowed.
  public let warnings: [Problem]
  /// How many lines were left out since the same request has the same label before.
  public let duplicates: Int
  /// How many lines give a request another label than a line before.
  public let conflicts: Int

  /// Requests that were checked elsewhere.
  public init(_ requests: [LabelledRequest]) {
    self.init(requests: requests, warnings: [], duplicates: 0, conflicts: 0)
  }

  /// Reads a file of at most 512 MiB, with lines of at most 1 MiB.
  /// - Parameters:
  ///   - path: the file.
  ///   - routes: the names that a label may have; nil for any.
  ///   - allowConflicts: whether a request may have two labels.
  /// - Throws: ``LabelledRequestsError`` with the first 20 problems and the number of all.
  public init(contentsOf path: String, routes: [String]? = nil, allowConflicts: Bool = false) throws {
    self = try Self.read(path, LabelledRequestReader(file: path, routes: routes, allowConflicts: allowConflicts))
  }

  /// The inputs of JSON lines, each once: what came in, such as `{"input": "when does it ship"}`. Labels are not read.
  /// - Parameter path: a file within the limits of ``init(contentsOf:routes:allowConflicts:)``.
  /// - Throws: ``LabelledRequestsError`` with the first 20 problems and the number of all.
  public static func inputs(of path: String) throws -> [String] {
    try read(path, LabelledRequestReader(file: path, ignoreLabels: true)).requests.map(\.input)
  }

  private static func read(_ path: String, _ reader: LabelledRequestReader) throws -> LabelledRequests {
    var reader = reader
    do {
      try FileBytes.read(path, limit: LabelledRequestReader.sizeLimit) { reader.read($0) }
    } catch let failure as FileBytes.Failure {
      throw LabelledRequestsError(file: path, failure.message)
    }
    return try reader.finish()
  }

  /// Reads bytes, within the limits of a file.
  /// - Parameters:
  ///   - bytes: JSON lines.
  ///   - name: what messages call them.
  ///   - routes: the names that a label may have; nil for any.
  ///   - allowConflicts: whether a request may have two labels.
  /// - Throws: ``LabelledRequestsError`` with the first 20 problems and the number of all.
  public init(_ bytes: [UInt8], name: String, routes: [String]? = nil, allowConflicts: Bool = false) throws {
    var reader = LabelledRequestReader(file: name, routes: routes, allowConflicts: allowConflicts)
    guard bytes.count <= LabelledRequestReader.sizeLimit else {
      throw LabelledRequestsError(file: name, FileBytes.Failure.tooLarge(LabelledRequestReader.sizeLimit).message)
    }
    bytes.withUnsafeBytes { reader.read($0) }
    self = try reader.finish()
  }

  init(requests: [LabelledRequest], warnings: [Problem], duplicates: Int, conflicts: Int) {
    self.requests = requests
    self.warnings = warnings
    self.duplicates = duplicates
    self.conflicts = conflicts
  }
}

/// Labelled requests that cannot be used, with what is wrong in them.
public struct LabelledRequestsError: LabelledError, Hashable {
  /// What is wrong, in the order of the file, at most 20.
  public let problems: [LabelledRequests.Problem]
  /// How many problems there are in all.
  public let count: Int

  init(_ problems: [LabelledRequests.Problem], count: Int) {
    self.problems = problems
    self.count = count
  }

  init(file: String, _ message: String) {
    self.init([LabelledRequests.Problem(file: file, line: 1, message: message)], count: 1)
  }

  public var label: String { "labelled_requests" }

  /// One line for each problem, and one that counts the rest.
  public var description: String {
    let rest = count - problems.count
    return (problems.map(\.description) + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "\n")
  }
}
