import Testing
import TurnoutCore
import TurnoutTesting

/// Random trees of steps, run at once in a random order: whatever happens, the events must tell one consistent story.
@Suite struct RunTreeTests {
  indirect enum Tree: Sendable {
    case leaf(fails: Bool, tokens: Int)
    case sequence([Tree])
    case together([Tree])

    static func random(using random: inout SplitMix64, depth: Int) -> Tree {
      guard depth > 0, random.chance(70) else {
        return .leaf(fails: random.chance(15), tokens: random.int(0...9))
      }
      var children: [Tree] = []
      for _ in 0..<random.int(1...4) { children.append(.random(using: &random, depth: depth - 1)) }
      return random.chance(50) ? .sequence(children) : .together(children)
    }
  }

  struct TreeStep: Step {
    let tree: Tree
    let used: Gauge

    var identity: StepIdentity { StepIdentity(.function, "node") }

    func run(_ input: Int, in run: Run) async throws -> Int {
      switch tree {
      case .leaf(let fails, let tokens):
        await Task.yield()
        run.record(Usage(calls: 1, outputTokens: tokens))
        for _ in 0..<tokens { used.enter() }
        await Task.yield()
        if fails { throw Broken() }
      case .sequence(let children):
        for child in children { _ = try await run.perform(TreeStep(tree: child, used: used), input) }
      case .together(let children):
        try await withThrowingTaskGroup(of: Void.self) { group in
          for child in children {
            group.addTask { _ = try await run.perform(TreeStep(tree: child, used: used), input) }
          }
          try await group.waitForAll()
        }
      }
      return input
    }
  }

  @Test(arguments: 1...60) func eventsTellOneStory(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let step = TreeStep(tree: .random(using: &random, depth: 4), used: Gauge())
    let recorder = EventRecorder()
    let run = Run(sinks: [recorder])
    let executor = SeededExecutor(seed: seed)
    let started = executor.start { try await run.perform(step, 1) }
    try #require(started.isDone)

    let events = recorder.events
    #expect(events.map(\.sequence) == Array(1...events.count))
    #expect(zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time })
    var open: [Int: (parent: Int?, path: RunPath)] = [:]
    var ended: Set<Int> = []
    for event in events {
      switch event.kind {
      case .started(let started):
        #expect(open[event.span] == nil && !ended.contains(event.span), "a span starts once")
        if let parent = started.parent {
          let enclosing = try #require(open[parent], "a parent is open while its child starts")
          #expect(enclosing.path.appending("node") == event.path)
        } else {
          #expect(event.path.components == ["node"])
        }
        open[event.span] = (started.parent, event.path)
      case .finished, .failed:
        #expect(open.removeValue(forKey: event.span)?.path == event.path, "what ends was open")
        #expect(!open.values.contains { $0.parent == event.span }, "children end before their parent")
        #expect(ended.insert(event.span).inserted)
      default: Issue.record("an unexpected event")
      }
    }
    #expect(open.isEmpty)
    // What failed has used its tokens all the same.
    #expect(run.usage.outputTokens == step.used.total)
    let last = try #require(events.last)
    #expect((last.word == "failed") == (started.error != nil))
    #expect(last.value["usage"]?["output_tokens"] == .int(step.used.total))
  }
}
