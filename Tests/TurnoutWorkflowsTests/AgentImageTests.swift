import Foundation
import Testing
import TurnoutCore
import TurnoutTesting

@testable import TurnoutWorkflows

/// `images:` of an agent.
@Suite struct AgentImageTests {
  private static let text = """
    turnout: 1
    run:
      agent: { instructions: What is shown?, prompt: look, images: ["{{input}}", "https://example.com/b.png"] }
    """

  private func ask(_ input: String) async throws -> [InputPart] {
    let folder = try Folder(["flow.yaml": Self.text])
    try folder.write("a.png", Data([1, 2, 3]))
    let model = ScriptedModel { _, _ in .text("a dot") }
    _ = try await folder.workflow().step(models: TestModels(model)).run(.string(input))
    guard case .userParts(let parts)? = model.requests.first?.messages.last else { return [] }
    return parts
  }

  @Test("files of the folder and addresses are shown behind the prompt") func shown() async throws {
    #expect(
      try await ask("a.png") == [
        .text("look"), .image(.data([1, 2, 3], mediaType: "image/png")), .image(.url("https://example.com/b.png")),
      ])
    #expect(try await ask("") == [.text("look"), .image(.url("https://example.com/b.png"))])
  }

  @Test(
    "what is no image is told",
    arguments: [
      ("../a.png", "lies outside the workflow's folder"), ("b.png", "there is no image \"b.png\""),
      ("a.txt", "is no image; images end in gif, jpeg, jpg, png, webp"), ("a", "is no image"),
    ])
  func refused(_ input: String, _ words: String) async {
    let error = await #expect(throws: TurnoutError.self) { try await ask(input) }
    #expect(error?.description.contains(words) == true)
  }
}
