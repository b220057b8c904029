import Testing
import TurnoutTesting

@testable import TurnoutCore

@Suite struct TaskGraphTests {
  private static func plan(_ random: inout SplitMix64, _ count: Int) -> [PlannedTask] {
    // Only earlier ones in a shuffled order are needed, so that there is no circle.
    let order = Array(0..<count).shuffled(using: &random)
    var places = [Int](repeating: 0, count: count)
    for (place, task) in order.enumerated() { places[task] = place }
    return (0..<count).map { task in
      let needs = (0..<count).filter { places[$0] < places[task] && random.chance(30) }
      return PlannedTask("t\(task)", worker: "w", task: "do", needs: needs.map { "t\($0)" })
    }
  }

  @Test(arguments: 0..<300) func everyTaskStartsOnceAfterWhatItNeeds(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let count = random.int(1...12)
    let tasks = Self.plan(&random, count)
    let bound = random.int(1...4)
    let failing = Set((0..<count).filter { _ in random.chance(seed % 3 == 0 ? 0 : 20) })
    #expect(WorkPlan(tasks).problem(workers: ["w"]) == nil)
    var graph = TaskGraph(tasks)
    var (running, started, ended, blocked): ([Int], Set<Int>, Set<Int>, Set<Int>) = ([], [], [], [])
    while true {
      let new = graph.starts(bound: bound)
      #expect(new == new.sorted())
      for task in new {
        #expect(started.insert(task).inserted)
        for need in graph.needs[task] { #expect(ended.contains(need) && !failing.contains(need)) }
      }
      running += new
      #expect(running.count <= bound)
      // Nothing that could run waits while there is room.
      let ready = tasks.indices.filter { task in
        !started.contains(task) && graph.needs[task].allSatisfy { ended.contains($0) && !failing.contains($0) }
      }
      #expect(running.count == bound || ready.isEmpty)
      guard !running.isEmpty else { break }
      let task = running.remove(at: random.int(0...running.count - 1))
      ended.insert(task)
      for one in graph.end(task, succeeded: !failing.contains(task)) { #expect(blocked.insert(one).inserted) }
    }
    #expect(started.union(blocked) == Set(0..<count))
    #expect(started.isDisjoint(with: blocked))
    for task in blocked { #expect(graph.blockedBy[task].map { graph.needs[task].contains($0) } == true) }
    if failing.isEmpty { #expect(blocked.isEmpty) }
  }

  @Test(arguments: 0..<200) func aCircleIsFound(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let count = random.int(2...10)
    var tasks = Self.plan(&random, count)
    #expect(TaskGraph(tasks).cycle == nil)
    let members = Array((0..<count).shuffled(using: &random).prefix(random.int(1...count)))
    for (place, member) in members.enumerated() {
      let next = members[(place + 1) % members.count]
      tasks[member] = PlannedTask(
        tasks[member].id, worker: "w", task: "do", needs: tasks[member].needs + ["t\(next)"])
    }
    let graph = TaskGraph(tasks)
    let cycle = try #require(graph.cycle)
    for (place, task) in cycle.enumerated() {
      #expect(graph.needs[task].contains(cycle[(place + 1) % cycle.count]), "each needs the next one")
    }
    #expect(Set(cycle).count == cycle.count)
    let problem = try #require(WorkPlan(tasks).problem(workers: ["w"]))
    #expect(problem.contains("circle"))
  }

  @Test func theDepthIsTheLongestRow() {
    func depth(_ needs: [[Int]]) -> Int {
      TaskGraph(
        needs.enumerated().map { PlannedTask("\($0)", worker: "w", task: "t", needs: $1.map { "\($0)" }) }
      ).depth
    }
    #expect(depth([[]]) == 1)
    #expect(depth([[], [], []]) == 1)
    #expect(depth([[], [0], [1], [0]]) == 3)
    #expect(depth([[3], [], [1], [2]]) == 4)
  }
}

@Suite struct WorkPlanTests {
  private func problem(_ tasks: [PlannedTask], limit: Int = 4, depth: Int = 2) -> String? {
    WorkPlan(tasks).problem(workers: ["search", "write"], limit: limit, depth: depth)
  }
  private func task(_ id: String, _ worker: String = "search", _ needs: [String] = []) -> PlannedTask {
    PlannedTask(id, worker: worker, task: "do it", needs: needs)
  }

  @Test func whatIsWrongIsSaidExactly() {
    #expect(problem([task("a"), task("b", "write", ["a"])]) == nil)
    #expect(problem([]) == "the plan has no tasks")
    #expect(problem((0..<5).map { task("\($0)") }) == "the plan has 5 tasks, and at most 4 are allowed")
    #expect(problem([task("a"), task("a")]) == "two tasks have the id \"a\"")
    #expect(problem([task("")]) == "a task has an empty id")
    #expect(
      problem([task("a", "serch")])
        == "the task \"a\" is for \"serch\", who is no worker; the workers are: search, write")
    #expect(problem([task("a", "search", ["b"])]) == "the task \"a\" needs \"b\", which is no task of the plan")
    #expect(
      problem([task("a", "search", ["b"]), task("b", "search", ["a"])])
        == "tasks need each other in a circle: a needs b needs a")
    #expect(problem([task("a", "search", ["a"])]) == "tasks need each other in a circle: a needs a")
    #expect(
      problem([task("a"), task("b", "write", ["a"]), task("c", "write", ["b"])])
        == "3 tasks wait for one another in a row, and at most 2 are allowed")
    #expect(
      problem([PlannedTask("a", worker: "search", task: String(repeating: "x", count: 4_001))])
        == "the task \"a\" has 4001 characters, and at most 4000 are allowed")
  }

  @Test func manyTasksAreRefusedQuickly() {
    let many = (0..<10_000).map { task("\($0)", "search", $0 == 0 ? [] : ["\($0 - 1)"]) }
    #expect(problem(many) == "the plan has 10000 tasks, and at most 4 are allowed")
    #expect(WorkPlan(many).problem(workers: ["search"], limit: 10_000) == nil, "a row of any length has a depth")
    #expect(TaskGraph(many).depth == 10_000)
  }
}
