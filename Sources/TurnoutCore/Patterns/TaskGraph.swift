/// Which subtasks of a plan can start, as others end: a value, so that every order can be tested.
struct TaskGraph: Sendable {
  /// What each waits for, each once; a need that names nothing is left out.
  let needs: [[Int]]
  /// Who waits for each.
  private let dependents: [[Int]]
  private var missing: [Int]
  private var ready: [Int] = []
  private var running = 0
  /// The task because of which each cannot run; nil for all that can.
  private(set) var blockedBy: [Int?]

  init(_ tasks: [PlannedTask]) {
    let places = Dictionary(tasks.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    needs = tasks.map { task in Set(task.needs.compactMap { places[$0] }).sorted() }
    var dependents = [[Int]](repeating: [], count: tasks.count)
    for (index, needed) in needs.enumerated() { for need in needed { dependents[need].append(index) } }
    self.dependents = dependents
    missing = needs.map(\.count)
    blockedBy = Array(repeating: nil, count: tasks.count)
    ready = missing.indices.filter { missing[$0] == 0 }
  }

  /// The tasks that start now, in the order of the plan, so that no more than the bound run.
  mutating func starts(bound: Int) -> [Int] {
    let started = Array(ready.prefix(max(0, max(1, bound) - running)))
    ready.removeFirst(started.count)
    running += started.count
    return started
  }

  /// Takes the end of a task. Those that need one that failed are blocked, and whoever needs them.
  /// - Returns: the tasks that are blocked from now on.
  mutating func end(_ task: Int, succeeded: Bool) -> [Int] {
    running -= 1
    if succeeded {
      for dependent in dependents[task] {
        missing[dependent] -= 1
        if missing[dependent] == 0, blockedBy[dependent] == nil {
          ready.insert(dependent, at: ready.firstIndex { $0 > dependent } ?? ready.endIndex)
        }
      }
      return []
    }
    var blocked: [Int] = []
    var open = [task]
    while let cause = open.popLast() {
      for dependent in dependents[cause] where blockedBy[dependent] == nil {
        blockedBy[dependent] = cause
        blocked.append(dependent)
        open.append(dependent)
      }
    }
    return blocked.sorted()
  }

  /// The tasks in the order in which they could run one by one; those in a circle, and those behind it, are left out.
  private var order: [Int] {
    var missing = needs.map(\.count)
    var order = missing.indices.filter { missing[$0] == 0 }
    var next = 0
    while next < order.count {
      for dependent in dependents[order[next]] {
        missing[dependent] -= 1
        if missing[dependent] == 0 { order.append(dependent) }
      }
      next += 1
    }
    return order
  }

  /// Tasks that need each other in a circle, each the next one; nil where there is none.
  var cycle: [Int]? {
    let done = Set(order)
    guard let first = needs.indices.first(where: { !done.contains($0) }) else { return nil }
    // Each task that is left needs another one that is left, so that walking on must come around.
    var path: [Int] = []
    var places: [Int: Int] = [:]
    var task = first
    while places[task] == nil {
      places[task] = path.count
      path.append(task)
      guard let next = needs[task].first(where: { !done.contains($0) }) else { return nil }
      task = next
    }
    return places[task].map { Array(path[$0...]) }
  }

  /// The most tasks of which each waits for the one before, where there is no circle.
  var depth: Int {
    var depths = [Int](repeating: 0, count: needs.count)
    for task in order { depths[task] = 1 + (needs[task].map { depths[$0] }.max() ?? 0) }
    return depths.max() ?? 0
  }
}
