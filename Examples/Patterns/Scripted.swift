import Turnout
import TurnoutTesting

extension Patterns {
  /// Answers for the program's own questions: the first line whose words are all in the conversation.
  static let scripted = ScriptedModel { request, index in
    let said = request.messages.map { message in
      switch message {
      case .system(let text), .user(let text), .assistant(let text, _, _): text
      case .userParts(let parts): parts.texts.joined(separator: "\n")
      case .toolResult(let result): result.content
      }
    }.joined(separator: "\n")
    if said.contains("at most six words") {
      // Another one each time it is asked.
      return .text(index.isMultiple(of: 2) ? "All the coffee that the sea can bear, and cake." : "Coffee with a view.")
    }
    let line = lines.first { line in line.words.allSatisfy { said.contains($0) } }
    return (line?.reply ?? .text("I do not know.")).delayed(by: .milliseconds(line?.delay ?? 0))
  }

  private static let lines: [(words: [String], reply: ScriptedReply, delay: Int)] = [
    (["sheep"], .text("9"), 0),
    (["three words"], .text("Rolling again today."), 0),
    (["twenty words"], .text("We mend every bicycle, old or new, for a fair price and with great care."), 0),
    (["You compare two answers", "Answer A:\nRolling"], .value(["reasoning": "A is short.", "better": "A"]), 0),
    (["You compare two answers", "Answer B:\nRolling"], .value(["reasoning": "B is short.", "better": "B"]), 0),
    (["one word"], .text("Yes."), 10),
    (["careful sentence"], .text("It rains a little, and it will rain more."), 5_000),
    (
      ["You evaluate", "Answer:\nA red bicycle"],
      .value(["reasoning": "It does.", "passed": true, "score": 9, "feedback": ""]), 0
    ),
    (
      ["You evaluate"],
      .value(["reasoning": "No price.", "passed": false, "score": 3, "feedback": "Say what it costs."]), 0
    ),
    (["Say what it costs"], .text("A red bicycle, for 80 dollars."), 0),
    (["Write what is asked for"], .text("A bicycle as red as a rose."), 0),
    (
      ["You plan"],
      .value([
        "reasoning": "Two facts and a comparison.",
        "tasks": [
          ["id": "swan", "worker": "finder", "task": "The weight of a swan", "needs": []],
          ["id": "goose", "worker": "finder", "task": "The weight of a goose", "needs": []],
          ["id": "heavier", "worker": "analyst", "task": "Which is heavier", "needs": ["swan", "goose"]],
        ],
      ]), 0
    ),
    (["Compare the results", "11 kg", "4 kg"], .text("The swan, by 7 kg."), 0),
    (["Tell the fact", "weight of a swan"], .text("11 kg"), 0),
    (["Tell the fact", "weight of a goose"], .text("4 kg"), 0),
    (["Answer from the results", "by 7 kg"], .text("A swan is heavier than a goose, by 7 kg."), 0),
  ]
}
