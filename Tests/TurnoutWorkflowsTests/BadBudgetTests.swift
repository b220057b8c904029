import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

/// Budgets and prices of files: what is wrong with them is told with its place.
@Suite struct BadBudgetTests {
  @Test(
    "budgets and prices",
    arguments: [
      BadFile(
        "an unknown limit", "turnout: 1\nbudget: { eur: 1 }\nrun: { text: a }\n",
        "2:11: unknown key \"eur\" in budget; known keys: usd, calls, tokens"),
      BadFile(
        "no limit", "turnout: 1\nbudget: {}\nrun: { text: a }\n",
        "2:9: a budget limits at least one of usd, calls, tokens"),
      BadFile(
        "a negative limit", "turnout: 1\nbudget: { usd: -1 }\nrun: { text: a }\n",
        "2:16: usd must be a number from 0.0 to 1000000.0"),
      BadFile(
        "an absurd limit", "turnout: 1\nrun: { text: a, budget: { calls: 99999999999999999999 } }\n",
        "2:34: calls must be a whole number from 1 to 1000000000"),
      BadFile(
        "a price of nobody's", "turnout: 1\nprices: { small: { input: 1, output: 1 } }\nrun: { text: a }\n",
        "2:11: a price is that of a provider:model, or of provider:* for all its models"),
      BadFile(
        "half a price", "turnout: 1\nprices: { \"openai:x\": { input: 1 } }\nrun: { text: a }\n",
        "2:23: the price of openai:x needs input and output, in dollars for a million tokens"),
    ])
  func bad(_ file: BadFile) throws { #expect(try complaints(file.text) == file.complaints) }
}
