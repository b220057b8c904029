import Turnout
import TurnoutLocal
import TurnoutProviders

/// One instruction, three groups at once, a typed result for each: `swift run stakeholders-example [provider:model]`.
@main
struct Stakeholders {
  @Generable
  struct Impact {
    @Guide("What changes for this group, most important first", .count(1...3))
    var effects: [String]
    @Guide("How hard it hits them", .range(0...10))
    var severity: Int
  }

  struct Group: Sendable {
    let name: String
    let concerns: String
  }

  static func main() async throws {
    let local = LocalModels()
    let model: any LanguageModel =
      if let name = CommandLine.arguments.dropFirst().first { try KeyRing.standard().model(name) } else { local.chat }

    let change = "Our shop closes two of its five branches and moves repairs to a central workshop."
    let groups = [
      Group(name: "customers", concerns: "the way to the next shop, how long repairs take"),
      Group(name: "employees", concerns: "their jobs, the way to work, training"),
      Group(name: "investors", concerns: "what it costs this year, and when it pays off"),
    ]

    let analyst = Agent<Group, Impact>(
      "analyst", model: model, returning: Impact.self,
      instructions: "Analyse how a change affects one group of people. Be concrete and short.",
      settings: ModelSettings(temperature: 0, maxOutputTokens: 200)
    ) { group in "The change: \(change)\nThe group: \(group.name)\nWhat it cares about: \(group.concerns)" }

    let outcomes = try await ForEach(analyst, atMost: 8, onFailure: .settle).run(groups)
    for (group, outcome) in zip(groups, outcomes) {
      switch outcome.result {
      case .success(let impact):
        print("\(group.name): severity \(impact.severity)")
        for effect in impact.effects { print("  - \(effect)") }
      case .failure(let failure):
        print("\(group.name): no result, \(failure)")
      }
    }
    await local.shutdown()
  }
}
