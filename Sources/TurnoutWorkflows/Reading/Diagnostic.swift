public import TurnoutCore

/// Something wrong in a workflow file, and where: printed as `file:line:column: message`.
public struct Diagnostic: Sendable, Hashable, CustomStringConvertible {
  /// The file, as it was named.
  public let file: String
  /// The line, from 1.
  public let line: Int
  /// The column, from 1.
  public let column: Int
  /// What is wrong and, where there is one, the nearest valid name.
  public let message: String

  public var description: String { "\(file):\(line):\(column): \(message)" }
}

/// A workflow file that cannot be used, with everything that is wrong in it.
public struct WorkflowError: LabelledError {
  /// What is wrong, in the order of the file.
  public let diagnostics: [Diagnostic]

  /// An error from diagnostics.
  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

  /// One thing that is wrong with the file as a whole.
  public init(file: String, _ message: String) {
    diagnostics = [Diagnostic(file: file, line: 1, column: 1, message: message)]
  }

  public var label: String { "workflow" }
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
