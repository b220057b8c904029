import TurnoutCore
import TurnoutTesting
import TurnoutWorkflows

/// Scripted models by reference, and the references that were asked for. A name that is not there is a missing model.
struct TestModels: ModelResolver {
  var models: [String: ScriptedModel]
  var embeddings = ScriptedEmbeddings()
  var decisions: [String: ScriptedDecisions] = [:]

  init(_ models: [String: ScriptedModel] = [:], embeddings: ScriptedEmbeddings = ScriptedEmbeddings()) {
    self.models = models
    self.embeddings = embeddings
  }

  /// One model under the name that files use when they name none.
  init(_ model: ScriptedModel) { self.init(["local": model]) }

  /// One model that answers each request with a text made from its prompt.
  init(answering answer: @escaping @Sendable (String) -> String) {
    self.init(ScriptedModel { request, _ in .text(answer(request.prompt)) })
  }

  func languageModel(_ reference: String, in workflow: Workflow) throws -> any LanguageModel {
    guard let model = models[reference] else { throw ModelError.notFound(reference, "the test has no such model") }
    return model
  }

  func embeddingModel(_ reference: String, in workflow: Workflow) throws -> any EmbeddingModel { embeddings }

  func decisionModel(_ reference: String, in workflow: Workflow) throws -> any DecisionModel {
    guard let model = decisions[reference] else { throw ModelError.notFound(reference, "the test has no such model") }
    return model
  }
}

extension ModelRequest {
  /// The last thing the user said.
  var prompt: String {
    for message in messages.reversed() { if case .user(let text) = message { return text } }
    return ""
  }

  /// The instructions.
  var instructions: String {
    for message in messages { if case .system(let text) = message { return text } }
    return ""
  }
}

extension Workflow {
  /// Runs the workflow on scripted models.
  func run(_ input: Value, _ models: TestModels, sinks: [any RunEventSink] = []) async throws -> Value {
    func run(_ step: some Step<Value, Value>) async throws -> Value { try await step.run(input, sinks: sinks) }
    return try await run(try step(models: models))
  }
}

/// Runs a file of this text on scripted models.
func run(
  _ text: String, _ input: Value = "hello", _ models: TestModels = TestModels { $0 }, sinks: [any RunEventSink] = []
) async throws -> Value {
  let folder = try Folder(["flow.yaml": text])
  return try await folder.workflow().run(input, models, sinks: sinks)
}
