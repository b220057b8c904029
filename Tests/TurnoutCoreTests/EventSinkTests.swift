import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct EventSinkTests {
  @Test func aSlowSinkHoldsTheRunBack() {
    let executor = SeededExecutor()
    let (gate, ran) = (Gate(), Gauge())
    let run = Run(sinks: [EventHandler { _ in try? await gate.wait() }])
    let started = executor.start { try await run.perform(FunctionStep("step") { (_: Int) in ran.enter() }, 1) }
    #expect(ran.total == 0, "the step waits until its started event has been received")
    gate.open()
    executor.runUntilIdle()
    #expect(ran.total == 1)
    #expect(started.isDone)
  }

  @Test(arguments: 1...10) func aSinkIsCalledOnceAtATime(seed: Int) {
    let executor = SeededExecutor(seed: seed)
    let (gauge, order) = (Gauge(), Journal<Int>())
    let run = Run(
      sinks: [
        EventHandler { event in
          gauge.enter()
          for _ in 0..<3 { await Task.yield() }
          order.add(event.sequence)
          gauge.leave()
        }
      ])
    let step = FunctionStep("step") { (number: Int) in number }
    let started = executor.start {
      await withTaskGroup(of: Void.self) { group in
        for index in 0..<40 { group.addTask { _ = try? await run.perform(step, index) } }
      }
    }
    #expect(started.isDone)
    #expect(gauge.peak == 1)
    #expect(order.entries == Array(1...80))
  }

  /// The same on threads, where two could really meet.
  @Test func aSinkIsCalledOnceAtATimeOnThreads() async {
    let (gauge, order) = (Gauge(), Journal<Int>())
    let run = Run(
      sinks: [
        EventHandler { event in
          gauge.enter()
          await Task.yield()
          order.add(event.sequence)
          gauge.leave()
        }
      ])
    await withTaskGroup(of: Void.self) { group in
      for index in 0..<8 {
        group.addTask { for _ in 0..<100 { await run.emit(.settled(dropped: index)) } }
      }
    }
    #expect(gauge.peak == 1)
    #expect(order.entries == Array(1...800))
  }

  @Test func whoComesFirstIsServedFirst() {
    let executor = SeededExecutor()
    let (gate, order) = (Gate(), Journal<Int>())
    let run = Run(
      sinks: [
        EventHandler { event in
          try? await gate.wait()
          if case .settled(let number) = event.kind { order.add(number) }
        }
      ])
    for number in 0..<20 { _ = executor.start { await run.emit(.settled(dropped: number)) } }
    gate.open()
    executor.runUntilIdle()
    #expect(order.entries == Array(0..<20))
  }

  @Test func sinksGetEventsInTheirOrder() async {
    let order = Journal<String>()
    let run = Run(sinks: [EventHandler { _ in order.add("a") }, EventHandler(wantsText: false) { _ in order.add("b") }])
    await run.emit(.settled(dropped: 0))
    await run.emit(.text("t"))
    #expect(order.entries == ["a", "b", "a"])
  }

  @Test func cancellationDoesNotLoseTheLastEvents() {
    let executor = SeededExecutor()
    let (recorder, gate) = (EventRecorder(), Gate())
    let run = Run(sinks: [recorder, EventHandler { _ in await Task.yield() }])
    let started = executor.start {
      try await run.perform(FunctionStep("wait") { (_: Int) in try await gate.wait() }, 1)
    }
    started.cancel()
    executor.runUntilIdle()
    #expect(recorder.lines == ["started wait", "failed wait"])
  }
}
