/// The subtasks that a planner makes of a request, and which of them wait for which.
///
/// ```swift
/// let plan = WorkPlan([
///   PlannedTask("prices", worker: "search", task: "Find the prices of three bicycles."),
///   PlannedTask("compare", worker: "analyst", task: "Compare them.", needs: ["prices"]),
/// ])
/// plan.problem(workers: ["search", "analyst"])   // nil: it can be carried out
/// ```
public struct WorkPlan: Sendable, Hashable {
  /// The subtasks, in the order of the plan.
  public let tasks: [PlannedTask]

  /// A plan.
  public init(_ tasks: [PlannedTask]) { self.tasks = tasks }
}

/// One subtask of a plan.
public struct PlannedTask: Sendable, Hashable {
  /// What other subtasks call it.
  public let id: String
  /// Who does it: the name of a worker.
  public let worker: String
  /// What is to be done, in words.
  public let task: String
  /// The subtasks whose results it needs, by their ids.
  public let needs: [String]

  /// A subtask.
  public init(_ id: String, worker: String, task: String, needs: [String] = []) {
    self.id = id
    self.worker = worker
    self.task = task
    self.needs = needs
  }
}

extension PlannedTask: ValueConvertible {
  /// `id`, `worker`, `task` and `needs`.
  public var value: Value {
    [
      "id": .string(id), "worker": .string(worker), "task": .string(task),
      "needs": .array(needs.map { .string($0) }),
    ]
  }
}

extension WorkPlan: ValueConvertible {
  /// The most characters of a subtask's words.
  public static let taskLength = 4_000
  /// The most characters of a subtask's id.
  static let idLength = 60

  /// `tasks`.
  public var value: Value { ["tasks": tasks.value] }

  /// The shape that a planner is asked for.
  public static func schema(workers: [String], limit: Int) -> Schema {
    let task = Schema.object(
      "Subtask",
      [
        .init("id", .string(minimumLength: 1, maximumLength: idLength), "A short name of its own, such as prices"),
        .init("worker", .choice(workers), "Who does it"),
        .init(
          "task", .string(minimumLength: 1, maximumLength: taskLength),
          "What is to be done, complete in itself: the worker sees the request, this, and the results it needs"),
        .init("needs", .array(.string(), count: 0...max(0, limit - 1)), "Ids of the subtasks whose results it needs"),
      ])
    return .object(
      "Plan",
      [
        .init("reasoning", .string(), "How the request falls into parts, in a sentence or two"),
        .init("tasks", .array(task, count: 1...max(1, limit))),
      ])
  }

  /// A plan out of a value of that shape.
  /// - Throws: ``SchemaViolation`` with the place of what does not fit.
  init(_ value: Value, workers: [String], limit: Int) throws {
    try Self.schema(workers: workers, limit: limit).check(value)
    tasks = (value["tasks"]?.array ?? []).map { task in
      PlannedTask(
        task["id"]?.text ?? "", worker: task["worker"]?.text ?? "", task: task["task"]?.text ?? "",
        needs: task["needs"]?.array?.map(\.text) ?? [])
    }
  }

  /// Why the plan cannot be carried out, for whoever made it; nil when it can.
  /// - Parameters:
  ///   - limit: the most subtasks.
  ///   - depth: the most subtasks of which each waits for the one before.
  public func problem(workers: [String], limit: Int = 16, depth: Int = .max) -> String? {
    if tasks.isEmpty { return "the plan has no tasks" }
    if tasks.count > limit { return "the plan has \(tasks.count) tasks, and at most \(limit) are allowed" }
    var ids: Set<String> = []
    for task in tasks {
      if task.id.isEmpty { return "a task has an empty id" }
      if !ids.insert(task.id).inserted { return "two tasks have the id \"\(task.id)\"" }
      if task.task.count > Self.taskLength {
        return "the task \"\(task.id)\" has \(task.task.count) characters, and at most \(Self.taskLength) are allowed"
      }
      if !workers.contains(task.worker) {
        return "the task \"\(task.id)\" is for \"\(task.worker)\", who is no worker; the workers are: "
          + workers.joined(separator: ", ")
      }
    }
    for task in tasks {
      for need in task.needs where !ids.contains(need) {
        return "the task \"\(task.id)\" needs \"\(need)\", which is no task of the plan"
      }
    }
    let graph = TaskGraph(tasks)
    if let cycle = graph.cycle {
      let names = (cycle + cycle.prefix(1)).map { tasks[$0].id }
      return "tasks need each other in a circle: \(names.joined(separator: " needs "))"
    }
    if graph.depth > depth {
      return "\(graph.depth) tasks wait for one another in a row, and at most \(depth) are allowed"
    }
    return nil
  }
}
