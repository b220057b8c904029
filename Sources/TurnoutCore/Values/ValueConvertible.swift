/// Something that can be written as a ``Value``: step outputs that are, appear in events and in a command's JSON.
public protocol ValueConvertible: Sendable {
  /// What is written.
  var value: Value { get }
}

extension Duration: ValueConvertible {
  /// Milliseconds, rounded to a tenth of a microsecond.
  public var value: Value { .double((milliseconds * 10_000).rounded() / 10_000) }

  /// Milliseconds.
  public var milliseconds: Double {
    Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
  }

  /// Seconds.
  public var inSeconds: Double { milliseconds / 1e3 }
}

extension Array: ValueConvertible where Element: ValueConvertible {
  public var value: Value { .array(map(\.value)) }
}

extension Optional: ValueConvertible where Wrapped: ValueConvertible {
  public var value: Value { self?.value ?? .null }
}
