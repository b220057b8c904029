import Tracing
import TurnoutCore

/// What spans say about events: OpenTelemetry's conventions for generative AI where there is one, `turnout.…` else.
///
/// Only model spans carry `gen_ai.usage.…`: the steps around them include the same tokens, and whoever adds up a trace
/// would count them again, so theirs are called `turnout.usage.…`.
extension SpanAttributes {
  init(_ started: RunEvent.Started, path: RunPath) {
    self.init()
    self["turnout.step.kind"] = started.kind.name.bounded()
    self["turnout.step.name"] = started.name.bounded()
    self["turnout.path"] = path.description.bounded(to: 512)
    switch started.kind {
    case .agent:
      self["gen_ai.operation.name"] = "invoke_agent"
      self["gen_ai.agent.name"] = started.name.bounded()
    case .model:
      self["gen_ai.operation.name"] = "chat"
      setModel(started.name)
    case .tool:
      self["gen_ai.operation.name"] = "execute_tool"
      self["gen_ai.tool.name"] = started.name.bounded()
    default: break
    }
  }

  /// A model's name is `provider:model`.
  private mutating func setModel(_ name: String) {
    let parts = name.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let provider = parts.first, let model = parts.last else {
      self["gen_ai.request.model"] = name.bounded()
      return
    }
    self["gen_ai.provider.name"] = provider == "gemini" ? "gcp.gemini" : String(provider).bounded()
    self["gen_ai.request.model"] = String(model).bounded()
  }

  /// - Parameter status: `succeeded`, `failed` or `cancelled`.
  init(_ kind: StepKind, status: String, usage: Usage) {
    self.init()
    self["turnout.status"] = status
    if usage == .none { return }
    guard kind == .model else {
      self["turnout.usage.calls"] = usage.calls
      self["turnout.usage.input_tokens"] = usage.inputTokens
      self["turnout.usage.output_tokens"] = usage.outputTokens
      return
    }
    self["gen_ai.usage.input_tokens"] = usage.inputTokens
    self["gen_ai.usage.output_tokens"] = usage.outputTokens
    if usage.cachedTokens > 0 { self["gen_ai.usage.cache_read.input_tokens"] = usage.cachedTokens }
    if usage.reasoningTokens > 0 { self["gen_ai.usage.reasoning.output_tokens"] = usage.reasoningTokens }
  }

  init(_ decision: RouteDecision) {
    self.init()
    self["turnout.route"] = decision.routes.isEmpty ? RouteTable.none : decision.routes.joined(separator: ",").bounded()
    self["turnout.route.kind"] = decision.kind.rawValue
    self["turnout.route.decided_by"] = decision.decidedBy.bounded()
    if let confidence = decision.confidence { self["turnout.route.confidence"] = confidence }
  }
}
