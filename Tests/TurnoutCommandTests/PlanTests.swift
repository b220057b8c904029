import Foundation
import Testing
import TurnoutCore

/// `turnout plan`, and budgets as the command keeps them.
@Suite struct PlanCommandTests {
  private static let panel = """
    turnout: 1
    models: { default: "office:small" }
    providers: { office: { base_url: "http://127.0.0.1:9/v1", key: OFFICE_KEY } }
    prices: { "office:small": { input: 1, output: 2 } }
    budget: { usd: 0.5 }
    run:
      parallel:
        branches:
          short: { agent: { instructions: Be short., reasks: 0, max_tokens: 100 } }
          long: { agent: { instructions: Be long., reasks: 1, max_tokens: 500 }, budget: { calls: 1 } }

    """

  private static let script = "- text: well\n"

  @Test("a table with the most that each step can use, without a key") func table() async throws {
    let folder = try Folder(["panel.yaml": Self.panel])
    let result = try await Turnout(in: folder.path)("plan", "panel.yaml", "hello")
    #expect(
      result.output == """
        step      kind        model         times  calls  tokens in  tokens out      cost
        panel     parallel ≤                    1      2      1,268       1,100   $0.0035
        ├─ short  agent       office:small      1      1         46         100  $0.00025
        └─ long   agent ≤     office:small      1      1      1,222       1,000   $0.0033

        the budget of a run: $0.50

        """)
    #expect(result.status == 0)
  }

  @Test("as JSON") func json() async throws {
    let folder = try Folder(["panel.yaml": Self.panel])
    let result = try await Turnout(in: folder.path)("plan", "panel.yaml", "hello", "--json")
    let plan = try result.json()
    #expect(plan["kind"] == "parallel")
    #expect(plan["worst_case"]?["calls"] == 2)
    #expect(plan["budget"] == ["usd": 0.5])
    #expect(plan["steps"]?.array?.map { $0["name"] } == ["short", "long"])
    #expect(plan["steps"]?[1]?["budget"] == ["calls": 1])
    #expect(plan["steps"]?[0]?["worst_case"]?["output_tokens"] == 100)
  }

  @Test("as a Mermaid flowchart") func mermaid() async throws {
    let folder = try Folder(["panel.yaml": Self.panel])
    let result = try await Turnout(in: folder.path)("plan", "panel.yaml", "hello", "--mermaid")
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(lines.first == "flowchart TD")
    #expect(lines.contains("  s0 --> s1"))
    #expect(lines.contains { $0.hasPrefix("  s1[\"short<br/>agent, office:small<br/>1 call, $") })
    let both = try await Turnout(in: folder.path)("plan", "panel.yaml", "hello", "--mermaid", "--json")
    #expect(both.status == 64)
  }

  @Test("without an input, what has no bound is said with the reason") func unbounded() async throws {
    let folder = try Folder(["each.yaml": "turnout: 1\nrun: { each: { agent: { instructions: a } } }\n"])
    let result = try await Turnout(in: folder.path)("plan", "each.yaml", "--model", "scripted:none.yaml")
    #expect(result.status == 65, "the script is not there")
    let local = try await Turnout(in: folder.path)("plan", "each.yaml")
    #expect(local.output.contains("no bound: each has no max_tokens"))
    #expect(local.output.contains("depends on its input"))
    #expect(local.status == 0)
  }

  @Test("a price nobody knows is refused under a limit of money, before anything is asked") func unknownPrice()
    async throws
  {
    let file = Self.panel.replacing("prices: { \"office:small\": { input: 1, output: 2 } }\n", with: "")
    let folder = try Folder(["panel.yaml": file])
    let turnout = Turnout(in: folder.path, environment: ["OFFICE_KEY": "none"])
    let result = try await turnout("run", "panel.yaml", "hello", "--json")
    #expect(try result.json()["error"]?["label"] == "unknown_cost")
    #expect(
      try result.json()["error"]?["message"]
        == "short: the price of office:small is not known, and the budget limits money; give it under prices: or limit calls"
    )
    #expect(result.status == 65)
    let plan = try await turnout("plan", "panel.yaml", "hello")
    #expect(plan.output.contains("it will not run: short: the price of office:small is not known"))
  }

  @Test("a limit of tokens needs an output limit") func noOutputLimit() async throws {
    let folder = try Folder([
      "a.yaml": "turnout: 1\nbudget: { tokens: 100 }\nrun: { agent: { instructions: a } }\n", "s.yaml": Self.script,
    ])
    let result = try await Turnout(in: folder.path)("run", "a.yaml", "hello", "--model", "scripted:s.yaml")
    #expect(result.complaint.contains("has no output limit; set max_tokens"))
    #expect(result.status == 65)
  }

  @Test("a branch that cannot be paid says so, and the others go on") func exhausted() async throws {
    let folder = try Folder([
      "each.yaml": """
      turnout: 1
      budget: { calls: 2 }
      inputs: [a, b, c]
      run: { each: { on_failure: settle, agent: { instructions: a, reasks: 0 } } }

      """, "s.yaml": Self.script,
    ])
    let result = try await Turnout(in: folder.path)("run", "each.yaml", "--json", "--model", "scripted:s.yaml")
    let outcomes = try result.json()["output"]?.array ?? []
    #expect(outcomes.count { $0["status"] == "succeeded" } == 2)
    #expect(outcomes.compactMap { $0["error"]?["label"]?.string } == ["budget_exhausted"])
    #expect(try result.json()["usage"]?["calls"] == 2)
  }

  @Test("a step whose budget is used up leads to its fallback") func fallback() async throws {
    let folder = try Folder([
      "a.yaml": """
      turnout: 1
      run:
        chain:
          - agent: { instructions: a, opens_with: "Yes", reasks: 2 }
            budget: { calls: 1 }
            fallback: { text: too dear }

      """, "s.yaml": "- text: no\n",
    ])
    let result = try await Turnout(in: folder.path)("run", "a.yaml", "hello", "--model", "scripted:s.yaml")
    #expect(result.output == "too dear\n")
    #expect(result.status == 0)
  }
}
