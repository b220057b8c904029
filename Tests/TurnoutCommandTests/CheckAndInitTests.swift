import Foundation
import Testing
import TurnoutCore

@Suite struct CheckTests {
  private static let good =
    "turnout: 1\ntools: { a: { description: b, command: [c] } }\nrun: { each: { agent: { instructions: a } } }\n"
  private static let bad = "turnout: 1\nrun: { agent: { instructions: \"{{inptu}}\" } }\n"

  @Test("good files, with what they are made of") func good() async throws {
    let folder = try Folder(["a.yaml": Self.good, "b.yaml": "turnout: 1\nrun: { text: a }\n"])
    let result = try await Turnout(in: folder.path)("check", "a.yaml", "./b.yaml")
    #expect(result.output == "a.yaml: ok, 1 agent, 1 each step, 1 tool\n./b.yaml: ok, 1 text\n")
    #expect(result.complaint == "")
    #expect(result.status == 0)
  }

  @Test("bad files among good ones") func bad() async throws {
    let folder = try Folder(["good.yaml": Self.good, "bad.yaml": Self.bad, "broken.yaml": "\t"])
    let result = try await Turnout(in: folder.path)("check", "bad.yaml", "good.yaml", "broken.yaml", "none.yaml")
    #expect(result.output == "good.yaml: ok, 1 agent, 1 each step, 1 tool\n")
    #expect(
      result.complaint == """
        bad.yaml:2:31: unknown template name {{inptu}}; did you mean "input"?
        broken.yaml:1:1: not valid YAML: found character that cannot start any token
        none.yaml:1:1: there is no such file, or it cannot be read

        """)
    #expect(result.status == 65)
  }

  @Test("as JSON, always one object") func json() async throws {
    let folder = try Folder(["good.yaml": Self.good, "bad.yaml": Self.bad])
    let turnout = Turnout(in: folder.path)
    let good = try await turnout("check", "good.yaml", "--json")
    #expect(try good.json() == ["ok": true, "diagnostics": []])
    #expect(good.status == 0)
    let bad = try await turnout("check", "good.yaml", "bad.yaml", "--json")
    let diagnostic: Value = [
      "file": "bad.yaml", "line": 2, "column": 31,
      "message": "unknown template name {{inptu}}; did you mean \"input\"?",
    ]
    #expect(try bad.json() == ["ok": false, "diagnostics": [diagnostic]])
    #expect(bad.complaint == "")
    #expect(bad.status == 65)
  }

  @Test("files that a shell names by their full paths keep them") func fullPath() async throws {
    let folder = try Folder(["bad.yaml": Self.bad])
    let result = try await Turnout()("check", "\(folder.path)/bad.yaml")
    #expect(result.complaint.hasPrefix("\(folder.path)/bad.yaml:2:31: "))
  }
}

@Suite struct InitTests {
  @Test("a file that passes the check, for each template", arguments: ["support", "map", "split"])
  func template(_ name: String) async throws {
    let folder = try Folder()
    let turnout = Turnout(in: folder.path)
    let written = try await turnout("init", name)
    #expect(written.status == 0)
    #expect(written.output == "")
    #expect(
      written.complaint == "wrote \(name).yaml; next: turnout check \(name).yaml, then turnout run \(name).yaml\n")
    let checked = try await turnout("check", "\(name).yaml")
    #expect(checked.output.hasPrefix("\(name).yaml: ok, "))
    #expect(try folder.text("\(name).yaml").hasPrefix("#"))
  }

  @Test("without a name it is a router") func defaultTemplate() async throws {
    let folder = try Folder()
    #expect(try await Turnout(in: folder.path)("init").status == 0)
    #expect(try folder.text("support.yaml").contains("route:"))
  }

  @Test("what is there is never written over") func existing() async throws {
    let folder = try Folder(["support.yaml": "mine", "dangling": ""])
    let turnout = Turnout(in: folder.path)
    let refused = try await turnout("init", "support")
    #expect(refused.status == 64)
    #expect(
      refused.complaint == "turnout: support.yaml was not written: it is already there; name another with --output\n")
    #expect(try folder.text("support.yaml") == "mine")
    #expect(try await turnout("init", "support", "--output", "other.yaml").status == 0)
    #expect(try await turnout("check", "other.yaml").status == 0)
    try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/link.yaml", withDestinationPath: "target.yaml")
    #expect(try await turnout("init", "map", "-o", "link.yaml").status == 64)
    #expect(!folder.has("target.yaml"))
  }

  @Test("no such folder, no such template") func impossible() async throws {
    let folder = try Folder()
    let turnout = Turnout(in: folder.path)
    let nowhere = try await turnout("init", "map", "-o", "no/map.yaml")
    #expect(nowhere.status == 64)
    #expect(nowhere.complaint == "turnout: no/map.yaml was not written: No such file or directory\n")
    #expect(try await turnout("init", "vote").status == 64)
  }

  @Test("the templates that need no encoder run") func run() async throws {
    let folder = try Folder([
      "map.script.yaml": "- { value: { mood: good, topic: the delivery } }\n",
      "split.script.yaml": "- { when: One, text: \"# Un\\n\\n# Deux\\n\\nb\" }\n",
    ])
    let turnout = Turnout(in: folder.path)
    _ = try await turnout("init", "map")
    let map = try await turnout("run", "map.yaml", "[\"a\", \"b\"]", "--model", "scripted:map.script.yaml", "--json")
    #expect(
      try map.json()["output"]?.array?.map { $0["output"] }
        == Array(repeating: ["mood": "good", "topic": "the delivery"], count: 2))
    _ = try await turnout("init", "split")
    let split = try await turnout(
      "run", "split.yaml", "# One\n\n# Two\n\na\n\n# Three\nb\n", "--model", "scripted:split.script.yaml")
    #expect(split.output == "# Un\n\n# Deux\n\nb\n\n# Three\nb\n")
  }
}

@Suite struct ModelsTests {
  @Test("every provider, without any key and any network") func json() async throws {
    // All that need no key are sent to a port at which nothing answers.
    let base = Server.nothing
    let turnout = Turnout(environment: ["OLLAMA_BASE_URL": base, "LLAMA_BASE_URL": base, "VLLM_BASE_URL": base])
    let result = try await turnout("models", "--json")
    #expect(result.status == 0)
    #expect(result.complaint == "")
    let value = try result.json()
    #expect(value.object?.keys == ["models"])
    let models = try #require(value["models"]?.array)
    #expect(
      models.compactMap { $0["name"]?.string }
        == [
          "local", "openai", "openai-responses", "anthropic", "gemini", "deepseek", "qwen", "groq", "mistral",
          "openrouter", "ollama", "llama", "vllm",
        ])
    for model in models {
      #expect(model.object?.keys == ["name", "address", "key", "ready", "detail"])
      #expect(model["ready"] == false)
    }
    #expect(models[0]["detail"]?.string?.contains("turnout models install") == true)
    #expect(
      models[1] == [
        "name": "openai", "address": "https://api.openai.com/v1", "key": "OPENAI_API_KEY is not set", "ready": false,
        "detail": "no key",
      ])
    #expect(models[10]["address"] == .string(base))
    #expect(models[10]["detail"] == "ollama: nothing answers at \(base.dropLast(3)); is the server running?")
    #expect(try await turnout("models", "list", "--json").output == result.output)
  }

  @Test("a line for each provider") func lines() async throws {
    let base = Server.nothing
    let turnout = Turnout(environment: ["OLLAMA_BASE_URL": base, "LLAMA_BASE_URL": base, "VLLM_BASE_URL": base])
    let lines = try await turnout("models").output.split(separator: "\n")
    #expect(lines.count == 13)
    #expect(lines[1] == "· openai            OPENAI_API_KEY is not set, no key")
  }
}
