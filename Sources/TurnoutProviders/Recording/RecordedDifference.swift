import TurnoutCore

/// Where two requests differ, for a person.
struct RecordedDifference {
  /// How many texts and numbers differ.
  let count: Int
  /// How much of them differs, in characters.
  let extent: Int
  /// The first places of difference with what stands there, a few lines.
  let lines: [String]
  private static let shown = 3

  init(recorded: Value, asked: Value) {
    let (old, new) = (Self.leaves(recorded), Self.leaves(asked))
    let oldByPath = Dictionary(old, uniquingKeysWith: { first, _ in first })
    let newPaths = Set(new.map(\.0))
    var count = 0
    var extent = 0
    var lines: [String] = []
    func differs(_ path: String, _ old: String?, _ new: String?) {
      count += 1
      let (old, new, size) = Self.excerpts(old, new)
      extent += size
      if count <= Self.shown { lines += [path, "  - \(old)", "  + \(new)"] }
    }
    for (path, text) in new where oldByPath[path] != text { differs(path, oldByPath[path], text) }
    for (path, text) in old where !newPaths.contains(path) { differs(path, text, nil) }
    if count > Self.shown { lines.append("and \(count - Self.shown) more") }
    self.count = count
    self.extent = extent
    self.lines = lines
  }

  /// Every text, number and truth value with the way to it.
  private static func leaves(_ value: Value, _ path: String = "") -> [(String, String)] {
    switch value {
    case .object(let object) where !object.isEmpty:
      object.flatMap { leaves($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
    case .array(let elements) where !elements.isEmpty:
      elements.enumerated().flatMap { leaves($1, "\(path)[\($0)]") }
    default: [(path, value.text)]
    }
  }

  /// The parts of two texts around their first difference, and how long the differing parts are.
  private static func excerpts(_ old: String?, _ new: String?) -> (old: String, new: String, size: Int) {
    let (left, right) = (Array(old ?? ""), Array(new ?? ""))
    let shared = zip(left, right).prefix { $0 == $1 }.count
    let tail = zip(left.dropFirst(shared).reversed(), right.dropFirst(shared).reversed()).prefix { $0 == $1 }.count
    func excerpt(_ text: [Character], _ isThere: Bool) -> String {
      guard isThere else { return "nothing" }
      let start = max(0, shared - 16)
      let end = min(text.count, start + 64)
      guard start < end else { return text.isEmpty ? "an empty text" : "its end" }
      let middle = String(text[start..<end].map { $0.isNewline ? " " : $0 })
      return (start > 0 ? "…" : "") + middle + (end < text.count ? "…" : "")
    }
    return (
      excerpt(left, old != nil), excerpt(right, new != nil), max(left.count, right.count) - shared - tail
    )
  }
}
