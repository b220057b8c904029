import TurnoutCore
import TurnoutLocal

/// A tool that runs a program: each argument fills its place in the words of the command, without any shell.
struct CommandTool: Sendable {
  static let outputLimit = 256 << 10
  /// Systems refuse longer words (Linux: 128 KiB).
  private static let wordLimit = 120 << 10
  let tool: Tool

  init(_ definition: ToolDefinition, folder: String) {
    tool = Tool(
      definition.name, definition.description, parameters: definition.schema, hasSideEffects: !definition.isReadOnly
    ) {
      arguments, run in
      let words = try definition.command.map { word in
        let text = try word.text { name in arguments[name[0]] ?? .string("") }
        guard text.utf8.count <= Self.wordLimit else {
          throw TurnoutError.invalidInput(
            "an argument of the tool \(definition.name) is longer than 120 KiB, which is more than a program takes")
        }
        return text
      }
      let output = try await CommandRunner.run(
        arguments: words, in: folder, timeout: definition.timeout, clock: run.clock, outputLimit: Self.outputLimit)
      let end = output.lastIndex { !$0.isWhitespace }
      return end.map { String(output[...$0]) } ?? ""
    }
  }
}

/// A step that calls a tool with arguments made from its input.
struct ToolStep: Step {
  let name: String
  let tool: Tool
  let arguments: [(String, ArgumentDefinition)]

  var identity: StepIdentity { StepIdentity(.tool, name) }
  var outline: StepOutline {
    StepOutline(
      identity, tools: [tool.name], output: .string(),
      written: PromptBound(bytes: CommandTool.outputLimit, insertions: 0), hasSideEffects: tool.hasSideEffects)
  }

  func run(_ input: Value, in run: Run) async throws -> Value {
    var values = ValueObject()
    for (name, argument) in arguments {
      switch argument {
      case .template(let template): values[name] = try template.value(input, in: run)
      case .value(let value): values[name] = value
      }
    }
    return .string(try await tool(Value.object(values), in: run))
  }
}
