import Foundation

/// How local model servers run.
public struct LocalServerSettings: Hashable, Sendable {
  /// How many chat requests are worked on at the same time; more than that wait.
  public var slots: Int

  /// The tokens that one chat request and its answer may have together. Memory for `slots` times as many is taken.
  public var contextPerSlot: Int

  /// Threads that compute a chat answer.
  ///
  /// Half the cores by default. The threads wait for each other busily at every layer, so as many threads as cores are
  /// a little faster on an idle machine and a hundred times slower on a busy one.
  public var chatThreads: Int

  /// Threads that compute embeddings.
  public var embeddingThreads: Int

  /// How long a server may take to load its model and answer.
  public var startLimit: Duration

  /// Settings that suit the installed models on this machine.
  public init(
    slots: Int = 4,
    contextPerSlot: Int = 4096,
    chatThreads: Int? = nil,
    embeddingThreads: Int? = nil,
    startLimit: Duration = .seconds(60)
  ) {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    self.slots = slots
    self.contextPerSlot = contextPerSlot
    self.chatThreads = chatThreads ?? max(1, cores / 2)
    self.embeddingThreads = embeddingThreads ?? min(8, max(1, cores))
    self.startLimit = startLimit
  }
}
