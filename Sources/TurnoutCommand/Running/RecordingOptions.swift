import ArgumentParser
import TurnoutCore
import TurnoutProviders
import TurnoutWorkflows

/// Whether a run is written down, or answered from what was written down.
struct RecordingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Write every call of a model into a folder, to replay the run.", valueName: "folder"))
  var record: String?

  @Option(help: ArgumentHelp("Answer from a recording instead of from models.", valueName: "folder"))
  var replay: String?

  /// Opens the folder that is named.
  /// - Throws: ``UsageError`` for options that exclude each other, ``RecordingError`` for a folder that cannot be used.
  func recording(of workflow: Workflow, _ models: ModelOptions) throws -> Recording {
    let keys = KeyRing.standard()
    let secrets = workflow.keyVariables.compactMap { try? keys.key($0, for: $0) }
    switch (record, replay) {
    case (nil, nil): return .none
    case (_?, _?): throw UsageError("give --record or --replay, not both")
    case (let folder?, nil): return .writing(try RecordingFolder(folder, secrets: secrets))
    case (nil, let folder?):
      guard models.model == nil, models.embeddings == nil else {
        throw UsageError("--replay answers for the models of the file; leave out --model and --embeddings")
      }
      return .reading(try ReplayFolder(folder, secrets: secrets))
    }
  }

  /// What the options come to.
  enum Recording {
    case none
    case writing(RecordingFolder)
    case reading(ReplayFolder)

    func models(_ models: StandardModels) -> any ModelResolver {
      switch self {
      case .none: models
      case .writing(let folder): RecordingModels(models, in: folder)
      case .reading(let folder): ReplayingModels(from: folder)
      }
    }

    /// The first request that was not recorded; the run did something else then, whoever answered in the model's place.
    var unmatched: RecordingError? {
      if case .reading(let folder) = self { folder.unmatched.first } else { nil }
    }
  }
}
