import TurnoutCore

extension ImageInput {
  /// Its address, or the image itself as an address (RFC 2397).
  var address: String {
    switch content {
    case .url(let url): url
    case .data(let base64, let mediaType): "data:\(mediaType);base64,\(base64)"
    }
  }
}

extension Thinking {
  /// The nearest word for how much to think.
  var effort: String {
    switch self {
    case .low: "low"
    case .medium: "medium"
    case .high: "high"
    case .tokens(let count): count < 4_096 ? "low" : count < 16_384 ? "medium" : "high"
    }
  }

  /// About so many tokens.
  var budget: Int {
    switch self {
    case .low: 1_024
    case .medium: 8_192
    case .high: 24_576
    case .tokens(let count): max(1, count)
    }
  }
}
