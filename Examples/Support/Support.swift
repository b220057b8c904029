import Turnout
import TurnoutLocal
import TurnoutProviders

/// The support desk in Swift: `swift run support-example "my phone keeps restarting" [provider:model]`.
@main
struct Support {
  @Generable
  struct Search {
    @Guide("A product's name, or words of the question") var words: String
  }

  static func main() async throws {
    let arguments = CommandLine.arguments.dropFirst()
    let local = LocalModels()
    let model: any LanguageModel =
      if let name = arguments.dropFirst().first { try KeyRing.standard().model(name) } else { local.chat }

    let products = Notes([
      "Kestrel 5, phone: 749 USD, out since 18 September, new and with two days of battery",
      "Wren 2, phone: 279 USD, in stock, small and cheap",
      "Heron, laptop: 1,199 USD, in stock, for students and travellers",
    ])
    let care = Notes([
      "A device that keeps restarting: hold the power button for 15 seconds, then install the latest update",
      "A cracked screen: bring it in, repairs take two days",
    ])
    let productInfo = Tool("product_info", "Looks products up", taking: Search.self) { products.find($0.words) }
    let careNotes = Tool("care_notes", "Searches notes on repairs", taking: Search.self) { care.find($0.words) }

    // The small local model cannot call tools, so what the tool finds answers in its place.
    let consult = Agent(
      "consult", model: model, instructions: "Advise customers before they buy. Look products up first.",
      tools: [productInfo], opening: "[Consult] "
    ).fallback(to: FunctionStep("found") { "[Consult] " + products.find($0) })
    let service = Agent(
      "service", model: model, instructions: "Help customers with a product they own. Look in the notes first.",
      tools: [careNotes], opening: "[Service] "
    ).fallback(to: FunctionStep("found") { "[Service] " + care.find($0) })

    let support = Router("support", by: .examples(local.embeddings)) {
      Route("consult", "Questions before buying", examples: Requests.consult) { consult }
      Route("service", "Trouble with a product the customer owns", examples: Requests.service) { service }
    } otherwise: {
      FunctionStep("others") { (_: String) in "[Others] A colleague will call you back." }
    }

    let reply = try await support(arguments.first ?? "when does the new phone come out and what does it cost")
    print("→ \(reply.decision.routes.first ?? "none of these"), decided by \(reply.decision.decidedBy)")
    print(reply.output)
    await local.shutdown()
  }
}
