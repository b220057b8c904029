/// A request of which somebody has said where it belongs.
public struct LabelledRequest: Sendable, Hashable {
  /// What the person asks.
  public let input: String
  /// The route it belongs to; nil when it belongs to none of them, which is called out of scope.
  public let route: String?
  /// Its line in the file it comes from, counted from 1; 0 when it comes from none.
  public let line: Int

  /// A labelled request.
  public init(_ input: String, route: String?, line: Int = 0) {
    self.input = input
    self.route = route
    self.line = line
  }
}
