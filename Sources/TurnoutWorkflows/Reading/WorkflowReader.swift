import TurnoutCore
import Yams

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Workflow {
  /// Reads and checks a workflow file.
  /// - Throws: ``WorkflowError`` with the place of everything that is wrong.
  public init(contentsOf path: String) throws {
    let path = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    try self.init(path, shownAs: nil, uses: UsedFiles())
  }

  /// Reads and checks a workflow file, shown in messages under another name.
  public init(contentsOf path: String, shownAs name: String) throws {
    try self.init(URL(filePath: path).standardizedFileURL.path(percentEncoded: false), shownAs: name, uses: UsedFiles())
  }

  init(_ path: String, shownAs shown: String?, uses: UsedFiles) throws {
    let shown = shown ?? path
    guard let data = FileManager.default.contents(atPath: path) else {
      throw WorkflowError(file: shown, "there is no such file, or it cannot be read")
    }
    let log = DiagnosticLog(file: shown)
    let node = try YAMLSource.compose(try YAMLSource.text(data, file: shown), file: shown)
    let reader = WorkflowReader(path: path, log: log, uses: uses.entering(path))
    let workflow = reader.read(NodeReader(node: node, log: log))
    guard let workflow, log.diagnostics.isEmpty else { throw WorkflowError(log.inOrder) }
    self = workflow
  }
}

/// Reads the outermost level of a file.
struct WorkflowReader {
  let path: String
  let log: DiagnosticLog
  let uses: UsedFiles

  static let keys = [
    "turnout", "name", "description", "models", "providers", "tools", "inputs", "budget", "prices", "run",
  ]

  func read(_ node: NodeReader) -> Workflow? {
    guard let members = node.members(Self.keys, of: "the file") else { return nil }
    guard let version = members["turnout"] else {
      node.complain("the key \"turnout\" is missing; the file must begin with \"turnout: 1\"")
      return nil
    }
    if version.rawInt != 1 { version.complain("the version of the format must be 1") }
    let url = URL(filePath: path)
    let providers = self.providers(members["providers"])
    let (models, modelOptions) = ModelReader(known: ProviderNames.known + providers.keys).read(members["models"])
    let tools = ToolReader(log: log).read(members["tools"])
    let inputs = members["inputs"].flatMap { $0.value() }
    guard let run = members["run"] else {
      node.complain("the key \"run\" is missing; it says what the workflow does")
      return nil
    }
    let names = WorkflowNames(
      models: Set(models.keys), providers: Set(ProviderNames.known).union(providers.keys), tools: tools,
      folder: url.deletingLastPathComponent().path(percentEncoded: false), uses: uses)
    let name = members["name"].flatMap { $0.text("name") } ?? url.deletingPathExtension().lastPathComponent
    let shape = inputs.map(Schema.init(of:)) ?? .any
    guard
      let root = StepReader(names: names, log: log).step(
        run, name: name, scope: TemplateScope(input: shape, request: shape))
    else { return nil }
    let budgets = BudgetReader()
    return Workflow(
      name: name, file: log.file, folder: names.folder, inputs: inputs,
      budget: members["budget"].flatMap(budgets.budget),
      prices: members["prices"].map { budgets.prices($0, providers) } ?? PriceTable(), models: models,
      modelOptions: modelOptions, providers: providers, tools: tools, root: root, path: path)
  }

  private func providers(_ node: NodeReader?) -> [String: ProviderDefinition] {
    var providers: [String: ProviderDefinition] = [:]
    for (name, key, value) in node?.named("providers") ?? [] {
      if name.contains(":") { key.complain("a provider's name has no colon in it") }
      guard let members = value.members(ProviderReader.keys, of: "a provider"),
        let base = members["base_url"] ?? missing("base_url", value), let url = base.text("base_url")
      else { continue }
      if !url.hasPrefix("http://") && !url.hasPrefix("https://") {
        base.complain("base_url must begin with http:// or https://")
      }
      let variable = members["key"].flatMap { $0.text("key") }
      if let variable, !variable.allSatisfy({ $0.isUppercase || $0.isNumber || $0 == "_" }) {
        members["key"]?.complain("key is the name of an environment variable, such as MY_API_KEY, never the key itself")
      }
      var provider = ProviderDefinition(baseURL: url, keyVariable: variable)
      ProviderReader().read(members, into: &provider)
      providers[name] = provider
    }
    return providers
  }

  private func missing(_ key: String, _ node: NodeReader) -> NodeReader? {
    node.complain("the key \"\(key)\" is missing")
    return nil
  }
}

/// What steps can name in a file.
struct WorkflowNames {
  let models: Set<String>
  let providers: Set<String>
  let tools: [String: ToolDefinition]
  let folder: String
  let uses: UsedFiles
}
