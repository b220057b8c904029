/// Who does subtasks of an ``Orchestrator``: a step with a name and words for the planner.
public struct Worker<Request: Sendable, Answer: Sendable>: Sendable {
  /// The name by which a plan gives it work.
  public let name: String
  /// What it can do, for the planner.
  public let description: String
  /// The work.
  public let step: any Step<Subtask<Request, Answer>, Answer>

  /// A worker.
  public init(_ name: String, _ description: String, _ step: any Step<Subtask<Request, Answer>, Answer>) {
    self.name = name
    self.description = description
    self.step = step
  }
}

/// What a worker is given.
public struct Subtask<Request: Sendable, Answer: Sendable>: Sendable {
  /// What the whole is about.
  public let request: Request
  /// What this worker is to do.
  public let planned: PlannedTask
  /// What came out of the subtasks that it needs, in the order of the plan.
  public let results: [(id: String, answer: Answer)]

  /// A subtask.
  public init(request: Request, planned: PlannedTask, results: [(id: String, answer: Answer)] = []) {
    self.request = request
    self.planned = planned
    self.results = results
  }
}

extension Subtask: ValueConvertible where Request: ValueConvertible, Answer: ValueConvertible {
  /// A prompt for whoever does it: the request, the task, and the results it needs.
  public var text: String {
    let results = results.map { "Result of \($0.id):\n\($0.answer.value.text)" }
    return (["Request:\n\(request.value.text)"] + results + ["Your task:\n\(planned.task)"]).joined(separator: "\n\n")
  }

  /// `request`, `id`, `task`, `results` (by ids) and `text`.
  public var value: Value {
    var found = ValueObject()
    for result in results { found[result.id] = result.answer.value }
    return [
      "request": request.value, "id": .string(planned.id), "task": .string(planned.task), "results": .object(found),
      "text": .string(text),
    ]
  }
}

/// What became of a plan: what whoever combines the results is given.
public struct WorkReport<Request: Sendable, Answer: Sendable>: Sendable {
  /// What the whole is about.
  public let request: Request
  /// The plan.
  public let plan: WorkPlan
  /// What became of every subtask, in the order of the plan, under its id.
  public let outcomes: [Outcome<Answer>]

  /// A report.
  public init(request: Request, plan: WorkPlan, outcomes: [Outcome<Answer>]) {
    self.request = request
    self.plan = plan
    self.outcomes = outcomes
  }
}

extension WorkReport: ValueConvertible where Request: ValueConvertible, Answer: ValueConvertible {
  /// A prompt for whoever combines them: the request, and each subtask with its result, or that it has none.
  public var text: String {
    let parts = zip(plan.tasks, outcomes).map { task, outcome in
      "Subtask \(task.id): \(task.task)\n\(outcome.output.map { "Result:\n\($0.value.text)" } ?? "It has no result.")"
    }
    return (["Request:\n\(request.value.text)"] + parts).joined(separator: "\n\n")
  }

  /// `request`, `tasks` (each with `id`, `worker`, `task`, `needs`, and `output` where it has one) and `text`.
  public var value: Value {
    let tasks = zip(plan.tasks, outcomes).map { task, outcome -> Value in
      var object = task.value.object ?? [:]
      object["output"] = outcome.output?.value
      return .object(object)
    }
    return ["request": request.value, "tasks": .array(tasks), "text": .string(text)]
  }
}
