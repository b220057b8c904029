/// Something a model may call: a name, what it is for, the shape of its arguments, and code.
///
/// ```swift
/// let weather = Tool("weather", "The weather in a city now", parameters: .object("Weather", [
///   .init("city", .string(), "The city's name")
/// ])) { arguments, _ in "Sunny in \(arguments["city"]?.text ?? "")" }
/// ```
/// Arguments are checked against the shape before the code is called. What the code throws is told to the model, which
/// may try again; cancellation ends the agent.
public struct Tool: Sendable {
  /// What the model is told.
  public let description: ToolDescription
  /// Whether a call may change something, so that calling it twice does it twice; see ``Hedge``.
  public let hasSideEffects: Bool
  let call: @Sendable (Value, Run) async throws -> String

  /// The name the model calls it by.
  public var name: String { description.name }

  /// A tool with arguments of a declared shape.
  /// - Parameter hasSideEffects: false for a tool that only reads.
  public init(
    _ name: String, _ description: String, parameters: Schema, hasSideEffects: Bool = true,
    call: @escaping @Sendable (Value, Run) async throws -> String
  ) {
    self.description = ToolDescription(name: name, description: description, parameters: parameters)
    self.hasSideEffects = hasSideEffects
    self.call = call
  }

  /// A tool with arguments of a Swift type.
  ///
  /// ```swift
  /// @Generable struct City { var name: String }
  /// let weather = Tool("weather", "The weather in a city now", taking: City.self) { "Sunny in \($0.name)" }
  /// ```
  public init<Arguments: Generable>(
    _ name: String, _ description: String, taking type: Arguments.Type, hasSideEffects: Bool = true,
    call: @escaping @Sendable (Arguments) async throws -> String
  ) {
    self.init(name, description, parameters: Arguments.schema, hasSideEffects: hasSideEffects) { value, _ in
      try await call(Arguments(from: ValueField(value)))
    }
  }

  /// Calls the tool with arguments as JSON text.
  /// - Throws: ``JSONError`` or ``SchemaViolation`` for arguments that do not fit; what the tool's code throws.
  public func callAsFunction(_ arguments: String, in run: Run) async throws -> String {
    try await self(Value(json: arguments.isEmpty ? "{}" : arguments), in: run)
  }

  /// Calls the tool with arguments.
  /// - Throws: ``SchemaViolation`` for arguments that do not fit; what the tool's code throws.
  public func callAsFunction(_ value: Value, in run: Run) async throws -> String {
    try description.parameters.check(value)
    return try await call(value, run)
  }
}

/// A check of an agent's answer: returns nil when it is good, else a complaint that the model is given.
///
/// ```swift
/// let brief = OutputValidator<String> { $0.count <= 200 ? nil : "Answer in at most 200 characters." }
/// ```
public struct OutputValidator<Output: Sendable>: Sendable {
  private let check: @Sendable (Output) async throws -> String?

  /// A check by a closure.
  public init(_ check: @escaping @Sendable (Output) async throws -> String?) { self.check = check }

  /// What is wrong with an answer; nil when it is good.
  public func complaint(about output: Output) async throws -> String? { try await check(output) }
}
