public import TurnoutCore

/// Finds out what a model's server honours instead of believing it: some accept a schema and do not keep to it.
extension LanguageModel {
  /// What the model can do, found by asking it.
  ///
  /// It is asked for one word, with a schema that allows only another, which no model gives by itself, and for the
  /// probabilities of its tokens. Usually that is one request; a server that refuses is asked up to twice more, with
  /// the schema alone and the probabilities alone. What cannot be found out stays as the model claims it.
  ///
  /// ```swift
  /// let capabilities = try await OpenAIChatModel("qwen3", at: endpoint).probe()
  /// capabilities.schemas   // false: the server takes schemas and ignores them
  /// ```
  /// - Throws: ``ModelError`` when the model cannot be asked at all.
  public func probe(in run: Run = Run()) async throws -> ModelCapabilities {
    if let response = try await answer(schema: true, logProbabilities: true, in: run) {
      return SchemaProbe.capabilities(capabilities, response, gives: !response.tokens.isEmpty)
    }
    if let response = try await answer(schema: true, logProbabilities: false, in: run) {
      return SchemaProbe.capabilities(capabilities, response, gives: false)
    }
    var found = capabilities
    found.schemas = false
    let response = try await respond(
      to: SchemaProbe.request(schema: false, logProbabilities: true), in: run, onDelta: nil)
    run.record(response.usage)
    found.logProbabilities = !response.tokens.isEmpty
    return found
  }

  /// The answer; nil when the request was refused.
  private func answer(schema: Bool, logProbabilities: Bool, in run: Run) async throws -> ModelResponse? {
    do {
      let request = SchemaProbe.request(schema: schema, logProbabilities: logProbabilities)
      let response = try await respond(to: request, in: run, onDelta: nil)
      run.record(response.usage)
      return response
    } catch let error as ModelError where error.label == "refused" {
      return nil
    }
  }
}

/// The question of a probe, and what its answer says.
private enum SchemaProbe {
  private static let word = "quoxalter"
  private static let schema = Schema.object("Probe", [.init("word", .choice([word]))])

  static func request(schema: Bool, logProbabilities: Bool) -> ModelRequest {
    ModelRequest(
      messages: [.user("Answer with the JSON object {\"word\": \"blue\"} and nothing else.")],
      output: schema ? Self.schema : nil, settings: ModelSettings(temperature: 0, maxOutputTokens: 300),
      logProbabilities: logProbabilities)
  }

  static func capabilities(
    _ claimed: ModelCapabilities, _ response: ModelResponse, gives logProbabilities: Bool
  ) -> ModelCapabilities {
    var found = claimed
    found.logProbabilities = logProbabilities
    // One that thought until its limit has shown nothing.
    if response.finish == .length, response.text.isEmpty { return found }
    found.schemas = (try? Value(json: response.text))?["word"]?.string == word
    return found
  }
}
