/// One answer of an agent: the conversation with its model, turn by turn.
struct AgentLoop<Input: Sendable, Output: Sendable> {
  let agent: Agent<Input, Output>.Parts
  let run: Run
  // Read once: what is found out about the model in the middle of a conversation must not change how it goes on.
  private let capabilities: ModelCapabilities

  init(agent: Agent<Input, Output>.Parts, run: Run) {
    self.agent = agent
    self.run = run
    capabilities = agent.model.capabilities
  }

  func answer(_ input: Input) async throws -> Output {
    if !agent.tools.isEmpty, !capabilities.tools {
      throw TurnoutError.unsupported("the model \(agent.model.name) cannot call tools, and \(agent.name) has some")
    }
    var messages = try openingMessages(input)
    if let images = agent.images { show(try await images(input, run), in: &messages) }
    var attempts = 0
    var lastComplaint: String?
    for _ in 0..<agent.limits.turns {
      let response = try await ask(messages)
      if !response.toolCalls.isEmpty {
        messages.append(.assistant(response.text, toolCalls: response.toolCalls, original: response.original))
        messages += try await call(response.toolCalls).map(Message.toolResult)
        continue
      }
      attempts += 1
      switch try await judge(response) {
      case .success(let output): return output
      case .failure(let complaint):
        lastComplaint = complaint.text
        if attempts > agent.limits.reasks {
          throw TurnoutError.invalidOutput(complaint.text, attempts: attempts)
        }
        await run.emit(.reasked(complaint: complaint.text))
        messages.append(.assistant(response.text, original: response.original))
        messages.append(.user("That answer was not acceptable: \(complaint.text)\nAnswer again."))
      }
    }
    if let lastComplaint { throw TurnoutError.invalidOutput(lastComplaint, attempts: attempts) }
    throw TurnoutError.turnLimit(agent.limits.turns)
  }

  private func openingMessages(_ input: Input) throws -> [Message] {
    var instructions = try agent.instructions(input, run)
    if let opening = agent.opening { instructions += "\n\nBegin your answer with exactly: \(opening)" }
    if let schema = agent.output.schema, !capabilities.schemas {
      instructions += "\n\nAnswer with JSON only, of this JSON Schema:\n\(schema.jsonSchema.json())"
    }
    let prompt = Message.user(try agent.prompt(input, run))
    return instructions.isEmpty ? [prompt] : [.system(instructions), prompt]
  }

  /// Puts images behind the prompt, which is the last message.
  @inline(never)
  private func show(_ images: [ImageInput], in messages: inout [Message]) {
    guard !images.isEmpty, case .user(let prompt)? = messages.last else { return }
    messages[messages.count - 1] = .userParts([.text(prompt)] + images.map { .image($0) })
  }

  private func ask(_ messages: [Message]) async throws -> ModelResponse {
    var request = ModelRequest(
      messages: messages, tools: agent.tools.map(\.description),
      output: capabilities.schemas ? agent.output.schema : nil, settings: agent.settings)
    // A beginning that is given cannot be missed; what the model continues is put together again below.
    let prefix = capabilities.continuation && request.tools.isEmpty ? agent.opening : nil
    if let prefix { request.messages.append(.assistant(prefix)) }
    let run = run
    var handler: ModelDeltaHandler?
    if run.wantsText {
      if let prefix { await run.emit(.text(prefix)) }
      handler = { delta in
        switch delta {
        case .text(let text): await run.emit(.text(text))
        case .discarded:
          await run.emit(.discarded)
          if let prefix { await run.emit(.text(prefix)) }
        // What it thinks is no part of the answer.
        case .thinking: break
        }
      }
    }
    let asked = request
    let onDelta = handler
    var response = try await run.scope(.model, agent.model.name) { child in
      try await child.ask(agent.model, asked, onDelta: onDelta)
    }
    if let prefix, !response.text.hasPrefix(prefix) { response.text = prefix + response.text }
    return response
  }

  private struct Complaint: Error {
    let text: String
  }

  private func judge(_ response: ModelResponse) async throws -> Result<Output, Complaint> {
    if response.finish == .contentFilter {
      throw ModelError.contentFiltered(agent.model.name, "the answer was held back by the provider's content filter")
    }
    if let opening = agent.opening, !response.text.hasPrefix(opening) {
      return .failure(Complaint(text: "it must begin with exactly \"\(opening)\""))
    }
    if agent.output.schema == nil, isBlank(response.text) {
      return .failure(Complaint(text: "it is empty"))
    }
    let output: Output
    do { output = try agent.output.read(response.text) } catch {
      let cut = response.finish == .length ? " (it was cut off at the output limit)" : ""
      return .failure(Complaint(text: "\(RunFailure(error).message)\(cut)"))
    }
    for validator in agent.validators {
      if let complaint = try await validator.complaint(about: output) { return .failure(Complaint(text: complaint)) }
    }
    return .success(output)
  }

  private func isBlank(_ text: String) -> Bool {
    // Nearly every answer begins with a letter, which needs no look at what Unicode calls a space.
    if let first = text.utf8.first, (0x21...0x7E).contains(first) { return false }
    return text.allSatisfy(\.isWhitespace)
  }

  private func call(_ calls: [ToolCall]) async throws -> [ToolResult] {
    let outcomes = try await FanOut(bound: agent.limits.concurrentTools, policy: .settle, isAnnounced: false).run(
      count: calls.count, in: run
    ) { index, run in try await result(of: calls[index], in: run) }
    if outcomes.contains(where: { $0.failure?.isCancellation == true }) { throw CancellationError() }
    return try outcomes.map { try $0.get() }
  }

  private func result(of call: ToolCall, in run: Run) async throws -> ToolResult {
    do {
      guard let tool = agent.tools.first(where: { $0.name == call.name }) else {
        let names = agent.tools.map(\.name).joined(separator: ", ")
        return ToolResult(
          callID: call.id, name: call.name,
          content: "error: there is no tool \"\(call.name.prefix(64))\"; the tools are: \(names)")
      }
      let content = try await run.scope(.tool, tool.name) { try await tool(call.arguments, in: $0) }
      return ToolResult(callID: call.id, name: call.name, content: content)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      // The model reads this and may mend its call.
      return ToolResult(callID: call.id, name: call.name, content: "error: \(RunFailure(error).message)")
    }
  }
}
