extension ModelRequest {
  /// The request with the shape of its answer in the instructions, as an agent writes it there, for a model that would not
  /// keep to a schema.
  package func describingShape(unless keepsToSchemas: Bool) -> ModelRequest {
    guard !keepsToSchemas, let schema = output else { return self }
    var request = self
    request.output = nil
    let words = "Answer with JSON only, of this JSON Schema:\n\(schema.jsonSchema.json())"
    if case .system(let instructions)? = messages.first {
      request.messages[0] = .system("\(instructions)\n\n\(words)")
    } else {
      request.messages.insert(.system(words), at: 0)
    }
    return request
  }
}
