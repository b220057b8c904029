import Foundation
import Testing
import TurnoutCore

/// `turnout fit` on the encoder of this machine.
@Suite(.enabled(if: installation != nil, "the local models are not installed")) struct FitTests {
  private static let desk = """
    turnout: 1
    run:
      route:
        routes:
          weather:
            examples: [Will it rain today?, How cold is it outside?, Is a storm coming tonight?, Is it sunny in Rome?]
            text: "weather"
          music:
            examples: [Play some jazz, Turn the song off, Put on my running playlist, Who sings this song?]
            text: "music"
          alarm:
            examples: [Wake me at seven, Set a timer for ten minutes, Cancel my alarm, When does my alarm ring?]
            text: "alarm"
        otherwise: { text: "nobody" }
    """

  private static let cases = """
    {"input": "do I need an umbrella", "route": "weather"}
    {"input": "will there be snow on Friday", "route": "weather"}
    {"input": "next song please", "route": "music"}
    {"input": "I want to hear some rock", "route": "music"}
    {"input": "get me up at six tomorrow", "route": "alarm"}
    {"input": "remind me in an hour", "route": "alarm"}
    {"input": "my bill is wrong", "route": null}
    """

  @Test("a fit is written beside the file, used by route and eval, and refused when the examples change")
  func fit() async throws {
    let folder = try Folder(["desk.yaml": Self.desk, "cases.jsonl": Self.cases])
    let turnout = Turnout(in: folder.path).local
    let result = try await turnout("fit", "desk.yaml", "--cases", "cases.jsonl", "--folds", "2", "--json")
    #expect(result.status == 0, "\(result.complaint)")
    let value = try result.json()
    #expect(value["requests"]?["in_scope"] == 18 && value["requests"]?["out_of_scope"] == 1)
    #expect((0...1).contains(value["expected"]?["accuracy"]?.double ?? -1))
    let fitted = try Value(json: folder.text("desk.fit.json"))
    #expect(fitted["turnout_fit"] == 2)
    #expect(fitted["dimension"] == 384)

    #expect(try await turnout("check", "desk.yaml").status == 0)
    let routed = try await turnout("route", "desk.yaml", "play a happy song", "--json").json()
    #expect(routed["decision"]?["routes"] == ["music"])
    let evaluated = try await turnout("eval", "desk.yaml", "--cases", "cases.jsonl", "--json").json()
    #expect((evaluated["accuracy"]?["count"]?.int ?? 0) >= 5)

    let changed = Self.desk.replacing("Cancel my alarm", with: "Stop my alarm")
    try folder.write("desk.yaml", Data(changed.utf8))
    let stale = try await turnout("route", "desk.yaml", "play a happy song")
    #expect(stale.status == 65)
    #expect(stale.complaint.contains("the examples changed since"))
    let check = try await turnout("check", "desk.yaml")
    #expect(check.status == 65)
    #expect(check.complaint.contains("desk.fit.json:1:1: "))
  }

  @Test func requestsWithoutLabelsAreTakenAlong() async throws {
    let log = """
      {"input": "how warm will it get today"}
      {"input": "put the radio on"}
      {"input": "do I need an umbrella"}
      {"input": "how warm will it get today"}
      """
    let folder = try Folder(["desk.yaml": Self.desk, "cases.jsonl": Self.cases, "log.jsonl": log])
    let turnout = Turnout(in: folder.path).local
    let arguments = ["fit", "desk.yaml", "--cases", "cases.jsonl", "--unlabelled", "log.jsonl", "--folds", "2"]
    let result = try await turnout.run(arguments)
    #expect(result.status == 0, "\(result.complaint)")
    // One of them is labelled, one stands twice.
    #expect(result.output.contains("3 routes, 18 requests in scope, 1 of no route, 2 without a label"))
    let value = try await turnout.run(arguments + ["--json"]).json()
    #expect(value["requests"]?["unlabelled"] == 2)
    #expect(try Value(json: folder.text("desk.fit.json"))["requests"]?["unlabelled"] == 2)
    let routed = try await turnout("route", "desk.yaml", "play a happy song", "--json").json()
    #expect(routed["decision"]?["routes"] == ["music"])
  }

  @Test func aWrongLineAmongThemIsNamed() async throws {
    let folder = try Folder([
      "desk.yaml": Self.desk, "log.jsonl": "{\"input\": \"a\"}\n{\"text\": \"b\"}", "good.jsonl": "{\"input\": \"a\"}",
    ])
    let turnout = Turnout(in: folder.path)
    let wrong = try await turnout("fit", "desk.yaml", "--unlabelled", "log.jsonl")
    #expect(wrong.status == 65 && wrong.complaint.contains("log.jsonl:2: input is missing"), "\(wrong.complaint)")
    let missing = try await turnout("fit", "desk.yaml", "--unlabelled", "no.jsonl")
    #expect(missing.status == 65 && missing.complaint.contains("no.jsonl:1: there is no such file"))
    let same = try await turnout("fit", "desk.yaml", "--unlabelled", "good.jsonl", "--output", "good.jsonl")
    #expect(same.status == 64 && same.complaint.contains("good.jsonl"), "\(same.complaint)")
    #expect(try folder.text("good.jsonl") == "{\"input\": \"a\"}")
  }
}
