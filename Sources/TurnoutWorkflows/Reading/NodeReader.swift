import TurnoutCore
import Yams

/// Collects what is wrong while a file is read, so that a person sees all of it at once.
final class DiagnosticLog {
  let file: String
  private(set) var diagnostics: [Diagnostic] = []

  init(file: String) { self.file = file }

  func add(_ mark: Mark?, _ message: String) {
    guard diagnostics.count < 100 else { return }
    let diagnostic = Diagnostic(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1, message: message)
    if !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }

  /// Everything in the order of the file; what is wrong in used files comes last.
  var inOrder: [Diagnostic] {
    let (own, used) = (diagnostics.filter { $0.file == file }, diagnostics.filter { $0.file != file })
    return own.sorted { ($0.line, $0.column) < ($1.line, $1.column) } + used
  }

  func add(_ more: [Diagnostic]) { diagnostics += more.filter { !diagnostics.contains($0) } }
}

/// A place in a file: a node of its tree, with the log for what is wrong there. Everything that is read through it
/// either has the expected shape or leaves a message and gives nil.
struct NodeReader {
  let node: Node
  let log: DiagnosticLog

  /// Whether it is a single text or number.
  var isScalar: Bool { if case .scalar = node { true } else { false } }
  /// Whether it is a list.
  var isList: Bool { if case .sequence = node { true } else { false } }
  /// Whether it is a mapping.
  var isMapping: Bool { if case .mapping = node { true } else { false } }
  /// Whether it is a mapping without members.
  var isEmpty: Bool { node.mapping?.isEmpty == true }
  /// The text of a scalar, without any complaint.
  var rawText: String? { node.string }
  /// The number of a scalar, without any complaint.
  var rawInt: Int? { node.scalar?.wholeNumber }

  /// The number of a scalar, whole or not, without any complaint.
  var rawNumber: Double? { node.scalar?.number }

  func complain(_ message: String) { log.add(node.mark, message) }

  /// A member of a mapping, without any complaint.
  func member(_ key: String) -> NodeReader? { node.mapping?[key].map { NodeReader(node: $0, log: log) } }

  /// The elements of a list, without any complaint.
  var elements: [NodeReader] { node.sequence?.map { NodeReader(node: $0, log: log) } ?? [] }

  /// The members of a mapping with these keys; every other key is reported, with the nearest valid one.
  func members(_ allowed: [String], of what: String) -> [String: NodeReader]? {
    guard case .mapping(let mapping) = node else {
      complain("\(what) must be a mapping with the keys \(allowed.joined(separator: ", "))")
      return nil
    }
    var members: [String: NodeReader] = [:]
    for (key, value) in mapping {
      guard let name = key.string else {
        log.add(key.mark, "a key must be a text")
        continue
      }
      guard allowed.contains(name) else {
        let hint =
          name.hint(among: allowed, as: "known keys")
        log.add(key.mark, "unknown key \"\(name)\" in \(what); \(hint)")
        continue
      }
      members[name] = NodeReader(node: value, log: log)
    }
    return members
  }

  /// The members of a mapping with names of the author's own, in order.
  func named(_ what: String) -> [(name: String, key: NodeReader, value: NodeReader)]? {
    guard case .mapping(let mapping) = node else {
      complain("\(what) must be a mapping from names")
      return nil
    }
    return mapping.compactMap { key, value in
      guard let name = key.string, !name.isEmpty else {
        log.add(key.mark, "a name must be a text")
        return nil
      }
      return (name, NodeReader(node: key, log: log), NodeReader(node: value, log: log))
    }
  }

  func list(_ what: String) -> [NodeReader]? {
    guard case .sequence(let sequence) = node else {
      complain("\(what) must be a list")
      return nil
    }
    return sequence.map { NodeReader(node: $0, log: log) }
  }

  /// A text that is not empty, nor only white space unless that is allowed.
  func text(_ what: String, allowingSpace: Bool = false) -> String? {
    guard case .scalar(let scalar) = node else {
      complain("\(what) must be a text")
      return nil
    }
    guard !scalar.string.allSatisfy({ $0.isWhitespace && !allowingSpace }) else {
      complain("\(what) is empty")
      return nil
    }
    return scalar.string
  }

  func int(_ what: String, _ range: ClosedRange<Int>) -> Int? {
    guard let number = node.scalar?.wholeNumber, range.contains(number) else {
      complain("\(what) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  func number(_ what: String, _ range: ClosedRange<Double>) -> Double? {
    guard let number = node.scalar?.number, range.contains(number) else {
      complain("\(what) must be a number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return number
  }

  func flag(_ what: String) -> Bool? {
    guard let flag = node.scalar?.flag else {
      complain("\(what) must be true or false")
      return nil
    }
    return flag
  }

  /// A time such as `30s`, `500ms` or `2m`.
  func duration(_ what: String) -> Duration? {
    let text = node.string ?? ""
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let scale: [String: Double] = ["ms": 0.001, "s": 1, "m": 60, "h": 3600]
    guard let number = Double(digits), let unit = scale[String(text.dropFirst(digits.count))], number > 0,
      number * unit <= 86_400
    else {
      complain("\(what) must be a time such as 500ms, 30s or 2m")
      return nil
    }
    return .seconds(number * unit)
  }

  /// The node as a value, plain scalars by the rules of YAML 1.2.
  func value(depth: Int = 64) -> Value? {
    guard depth > 0 else {
      complain("this is nested too deeply")
      return nil
    }
    switch node {
    case .scalar(let scalar): return scalar.value
    case .sequence(let sequence):
      return .array(sequence.compactMap { NodeReader(node: $0, log: log).value(depth: depth - 1) })
    case .mapping(let mapping):
      var object = ValueObject()
      for (key, value) in mapping {
        guard let name = key.string else {
          log.add(key.mark, "a key must be a text")
          continue
        }
        object[name] = NodeReader(node: value, log: log).value(depth: depth - 1)
      }
      return .object(object)
    case .alias: return nil
    }
  }
}
