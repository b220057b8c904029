import TurnoutCore

/// Reads the probabilities of tokens, as `choices[0].logprobs` has them in an answer and in every chunk of a stream.
extension JSONScanner {
  mutating func tokenChoices() throws -> [TokenChoice] {
    let content = try value()["content"]?.array ?? []
    return content.map { item in
      TokenChoice(.init(wire: item), alternatives: (item["top_logprobs"]?.array ?? []).map { .init(wire: $0) })
    }
  }
}

extension TokenChoice.Alternative {
  fileprivate init(wire item: Value) {
    // A token that is a part of a character has its bytes beside its text, which cannot say them.
    let bytes = item["bytes"]?.array?.map { $0.int.flatMap(UInt8.init(exactly:)) }
    let known = bytes.flatMap { $0.contains(nil) || $0.isEmpty ? nil : $0.compactMap(\.self) }
    self.init(bytes: known ?? Array((item["token"]?.string ?? "").utf8), item["logprob"]?.double ?? .nan)
  }
}
