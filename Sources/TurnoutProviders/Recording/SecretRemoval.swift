import TurnoutCore

/// Takes secrets out of texts: those it is told, and everything that looks like one.
///
/// The same text always becomes the same, so that a request whose prompt holds a key is found again.
struct SecretRemoval: Sendable {
  private static let mark = "•••"
  /// How the keys of vendors begin.
  private static let beginnings = [
    "sk-", "sk_", "pk-", "rk_", "AIza", "gsk_", "xai-", "ghp_", "gho_", "ghs_", "github_pat_", "hf_", "r8_", "AKIA",
    "ASIA", "xoxb-",
    "xoxp-", "pplx-", "csk-", "nvapi-", "glpat-",
  ]
  private let secrets: [String]

  init(_ secrets: [APIKey]) {
    // The longest first, since one may be part of another.
    self.secrets = secrets.map(\.secret).filter { $0.count >= 8 }.sorted { $0.count > $1.count }
  }

  /// A value without secrets in any of its texts.
  func clean(_ value: Value) -> Value {
    switch value {
    case .string(let text): .string(clean(text))
    case .array(let elements): .array(elements.map(clean))
    case .object(let object): .object(ValueObject(object.map { ($0.key, clean($0.value)) }))
    default: value
    }
  }

  /// A text without secrets.
  func clean(_ text: String) -> String {
    var text = text
    for secret in secrets { text = text.replacing(secret, with: Self.mark) }
    return Self.withoutKeys(text)
  }

  private static func withoutKeys(_ text: String) -> String {
    var result = ""
    var word = ""
    var isAfterBearer = false
    var endedWord = ""
    func isKey() -> Bool {
      (word.utf8.count >= 20 && beginnings.contains { word.hasPrefix($0) }) || (isAfterBearer && word.utf8.count >= 16)
    }
    for scalar in text.unicodeScalars {
      if scalar.isPartOfKey || (isAfterBearer && "+/=~".unicodeScalars.contains(scalar)) {
        word.unicodeScalars.append(scalar)
        continue
      }
      result += isKey() ? mark : word
      if !word.isEmpty { endedWord = word }
      isAfterBearer = scalar == " " && ["bearer", "basic"].contains(endedWord.lowercased())
      if scalar != " " { endedWord = "" }
      word = ""
      result.unicodeScalars.append(scalar)
    }
    return result + (isKey() ? mark : word)
  }
}

extension Unicode.Scalar {
  fileprivate var isPartOfKey: Bool {
    switch self {
    case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
    default: false
    }
  }
}
