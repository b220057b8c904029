import TurnoutCore
import TurnoutLocal
import TurnoutProviders

/// The encoder of this machine, with a store of vectors in the current folder.
struct Encoder {
  let model: any EmbeddingModel
  private let local = LocalModels()

  init() {
    model = CachedEmbeddings(local.embeddings, identity: local.embeddingsIdentity, folder: ".turnout/vectors")
  }

  func end() async { await local.shutdown() }
}
