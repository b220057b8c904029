public import TurnoutCore
import TurnoutProviders

/// A workflow file that has been read and checked: everything in it has a meaning, and every name leads somewhere.
///
/// ```swift
/// let workflow = try Workflow(contentsOf: "support.yaml")
/// let step = try workflow.step(models: StandardModels())
/// let answer = try await step.run("my phone keeps restarting")
/// ```
public struct Workflow: Sendable {
  /// The workflow's name.
  public let name: String
  /// The file it was read from, as it was named.
  public let file: String
  /// The folder of the file; tools run there.
  public let folder: String
  /// Input of the file's own, used when the run is given none.
  public let inputs: Value?

  /// The most that a run of the file may use, where the file says so.
  public let budget: Budget?
  /// The prices of models that the file gives, by their names as `provider:model`.
  public let prices: PriceTable

  let models: [String: String]
  /// What the file says of its models beside their references.
  let modelOptions: [String: ModelOptions]
  let providers: [String: ProviderDefinition]
  let tools: [String: ToolDefinition]
  let root: StepDefinition
  let path: String

  /// Every reference to a language model in the file, such as `openai:gpt-4o-mini`.
  public var languageModels: [String] { models.filter { $0.key != "embeddings" }.map(\.value).sorted() }
  /// The reference to the model that makes vectors.
  public var embeddings: String { models["embeddings"] ?? "local" }
  /// The routes of the outermost step, when it is a router.
  public var routes: RouteTable? {
    guard case .route(let route) = root.kind else { return nil }
    return try? RouteTable(route.routes.map(\.description))
  }
  /// Where the fitted routing of the outermost router is kept: what its `fit:` names, or `NAME.fit.json` beside the file.
  public var fitFile: String {
    if case .route(let route) = root.kind, let fit = route.fit { return FolderPath.join(folder, fit) }
    return FolderPath.join(folder, FolderPath.stem(path) + ".fit.json")
  }
  /// Whether the file names where its fitted routing is.
  public var namesFit: Bool { if case .route(let route) = root.kind { route.fit != nil } else { false } }
  /// Whether the outermost step is a router that compares with examples.
  public var routesByExamples: Bool {
    guard case .route(let route) = root.kind else { return false }
    return route.by.contains(.examples)
  }
  /// Whether the outermost step is a router.
  public var isRouter: Bool { if case .route = root.kind { true } else { false } }
}

/// How a model of the file is taken care of, and what answers when it fails.
struct ModelOptions: Sendable, Hashable {
  var care = ModelCare()
  /// Names of `models:` or references, in order.
  var fallback: [String] = []
  /// How many answers are kept for requests that are made again; nil for none.
  var cache: Int?
}

/// A server that the file declares.
struct ProviderDefinition: Sendable, Hashable {
  let baseURL: String
  let keyVariable: String?
  var wire = ProviderCatalog.Wire.chat(.init())
  /// The header in which the key goes, where it is not the wire's own.
  var keyHeader: String?
  var headers: [String: String] = [:]
  var query: [String: String] = [:]
}

/// A program that models or steps can call.
struct ToolDefinition: Sendable, Hashable {
  let name: String
  let description: String
  let parameters: [Schema.Property]
  let command: [Template]
  let timeout: Duration
  let isReadOnly: Bool

  var schema: Schema { .object(name: name, properties: parameters) }
}

/// A step of a file.
struct StepDefinition: Sendable {
  let name: String
  let kind: Kind
  /// The most that the step may use, without what answers when it fails.
  var budget: Budget?

  /// Whether a name is a number, as steps without a name of their own have it.
  static func isNumber(_ name: String) -> Bool { name.utf8.allSatisfy { (0x30...0x39).contains($0) } }

  indirect enum Kind: Sendable {
    case agent(AgentDefinition)
    case route(RouteDefinition)
    case parallel([StepDefinition], FanOutDefinition)
    case each(over: Template, label: Template?, StepDefinition, FanOutDefinition)
    case split(SplitDefinition, StepDefinition, FanOutDefinition)
    case race([StepDefinition], FanOutDefinition)
    case hedge(HedgeDefinition, StepDefinition)
    case vote(VoteDefinition)
    case judge(JudgeDefinition)
    case medoid(MedoidDefinition)
    case bestOf(BestOfDefinition)
    case mixture(MixtureDefinition)
    case refine(RefineDefinition)
    case orchestrate(OrchestrateDefinition)
    case gate(GateDefinition)
    case chain([StepDefinition])
    case tool(String, [(String, ArgumentDefinition)])
    case text(Template)
    case use(Workflow)
    case fallback(StepDefinition, otherwise: StepDefinition)
  }
}

/// An argument of a tool step.
enum ArgumentDefinition: Sendable {
  case template(Template)
  case value(Value)
}

struct AgentDefinition: Sendable {
  var model: Template?
  var instructions: Template
  var prompt: Template
  var tools: [String] = []
  /// Addresses of images, or files in the folder.
  var images: [Template] = []
  var output: Schema?
  var opening: String?
  var settings = ModelSettings()
  var limits = AgentLimits()
}

struct FanOutDefinition: Sendable, Hashable {
  var bound = 8
  var policy = FailurePolicy.failFast
  var timeout: Duration?
  var retry = Retry.never
}

struct HedgeDefinition: Sendable, Hashable {
  let delay: HedgeDelay
  let share: Double
}

struct SplitDefinition: Sendable {
  var splitter: DocumentSplitter
  var joins = true
  var preservesShape = false
  var window: Int?
}
