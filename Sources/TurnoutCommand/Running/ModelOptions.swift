import ArgumentParser
import Foundation
import Synchronization
import TurnoutCore
import TurnoutLocal
import TurnoutWorkflows

/// Which models are used instead of those a file names.
struct ModelOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use this model instead of every one in the file: local, provider:model, local:FILE.gguf or scripted:FILE.",
      valueName: "model"))
  var model: String?

  @Option(help: ArgumentHelp("Use these embeddings instead of the file's.", valueName: "model"))
  var embeddings: String?

  /// Calls the body with the models, and ends the local servers afterwards.
  func withModels<Result: Sendable>(_ body: (StandardModels) async throws -> Result) async throws -> Result {
    let local = LocalModels()
    // One script is one model, however many names a file has for it.
    let scripts = Mutex<[String: any LanguageModel]>([:])
    let models = StandardModels(
      overriding: model, embeddings: embeddings, local: local, vectors: Self.cacheFolder,
      schemes: [
        "scripted": { path in
          try scripts.withLock { scripts in
            if let known = scripts[path] { return known }
            let model = try Script(contentsOf: path).model
            scripts[path] = model
            return model
          }
        }
      ])
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(models)) } catch { result = .failure(error) }
    await local.shutdown()
    return try result.get()
  }

  private static var cacheFolder: String? {
    let environment = ProcessInfo.processInfo.environment
    if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return "\(folder)/turnout" }
    return environment["HOME"].map { "\($0)/.cache/turnout" }
  }
}
