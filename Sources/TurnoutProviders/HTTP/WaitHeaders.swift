import NIOHTTP1

/// How long a server asks to wait.
enum WaitHeaders {
  static func wait(_ headers: HTTPHeaders) -> Duration? {
    wait(headers.first(name: "retry-after-ms"), 0.001) ?? wait(headers.first(name: "retry-after"), 1)
  }

  /// A number, at most a day; dates are not read.
  private static func wait(_ header: String?, _ unit: Double) -> Duration? {
    guard let number = header.flatMap(Double.init), (0...86_400).contains(number * unit) else { return nil }
    return .seconds(number * unit)
  }
}
