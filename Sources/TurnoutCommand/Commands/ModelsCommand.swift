import ArgumentParser
import TurnoutCore
import TurnoutLocal
import TurnoutProviders

/// `turnout models`.
struct ModelsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Says which models and keys are configured, and which servers answer.",
    subcommands: [List.self, Install.self], defaultSubcommand: List.self)

  /// What is configured.
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "Lists providers, keys and servers.")

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
      let keys = KeyRing.standard()
      let entries = ProviderCatalog.entries
      let outcomes = try await ForEach(
        FunctionStep("provider") { (entry: ProviderCatalog.Entry) in await ProviderState(entry, keys) },
        atMost: entries.count, onFailure: .settle
      ).run(entries)
      let states = [ProviderState.local()] + outcomes.compactMap(\.output)
      if json {
        Output.result(Value.object(["models": .array(states.map(\.value))]).json(pretty: true))
      } else {
        Output.result(ProviderState.table(states, Terminal.output))
      }
    }
  }

  /// Installs the local models.
  struct Install: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "install", abstract: "Installs the small local chat and embedding models.")

    @Option(help: ArgumentHelp("The folder to install into.", valueName: "folder"))
    var into: String?

    func run() async throws {
      let installation = into.map { LocalInstallation(folder: $0) } ?? .standard()
      do {
        if !installation.isComplete {
          try await installation.install { Output.note($0) }
        }
        Output.note("the local models are installed in \(installation.folder)")
      } catch {
        Output.fail(error, json: false)
      }
    }
  }
}

/// What is known of a provider.
struct ProviderState: Sendable {
  let name: String
  let address: String
  let key: String
  let isReady: Bool
  let detail: String

  static func local() -> ProviderState {
    let installation = LocalInstallation.find()
    return ProviderState(
      name: "local", address: "this machine", key: "not needed", isReady: installation != nil,
      detail: installation.map { "installed in \($0.folder)" } ?? "not installed: run turnout models install")
  }

  private init(name: String, address: String, key: String, isReady: Bool, detail: String) {
    self.name = name
    self.address = address
    self.key = key
    self.isReady = isReady
    self.detail = detail
  }

  init(_ entry: ProviderCatalog.Entry, _ keys: KeyRing) async {
    name = entry.name
    do {
      let server = try keys.server(entry)
      address = server.baseURL
      key = entry.keyVariable.map { keys.has($0) ? "\($0) is set" : "\($0) is not set" } ?? "not needed"
      do {
        let models = try await server.models(entry.wire)
        isReady = true
        detail = "\(models.count) models: " + models.prefix(3).joined(separator: ", ") + (models.count > 3 ? ", …" : "")
      } catch {
        isReady = false
        detail = RunFailure(error).message
      }
    } catch {
      address = entry.baseURL
      key = entry.keyVariable.map { "\($0) is not set" } ?? ""
      isReady = false
      detail = "no key"
    }
  }

  var value: Value {
    [
      "name": .string(name), "address": .string(address), "key": .string(key), "ready": .bool(isReady),
      "detail": .string(detail),
    ]
  }

  static func table(_ states: [ProviderState], _ terminal: Terminal) -> String {
    let width = states.map(\.name.count).max() ?? 0
    return states.map { state in
      let mark = state.isReady ? terminal.green("✓") : terminal.dim("·")
      let name = state.name + String(repeating: " ", count: width - state.name.count)
      return "\(mark) \(terminal.bold(name))  \(state.key)\(state.key.isEmpty ? "" : ", ")\(state.detail)"
    }.joined(separator: "\n")
  }
}
