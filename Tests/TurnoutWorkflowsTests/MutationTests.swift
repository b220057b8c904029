import Foundation
import Testing
import TurnoutCore

@testable import TurnoutWorkflows

/// Files that were damaged in many ways: the reader may complain, and must never crash or hang.
@Suite struct MutationTests {
  private static let pieces = [
    "", " ", "\n", "\t", "  ", "-", ":", ": ", "{", "}", "[", "]", "{{", "}}", "*a", "&a ", "!", "!!int ", "|", ">",
    "\"", "'",
    "#", "%", "@", "`", "? ", "---\n", "...\n", "\0", "\u{1}", "\u{FEFF}", "\u{2028}", "价", "99999999999999999999",
    "-1", "1e999",
    "null", "~", "true", "1:2:3", "<<: *a\n", "use: flow.yaml", "{{steps.a.output}}", "on_failure: { quorum: 2 }",
  ]

  @Test("mutations of the examples never crash the reader", arguments: exampleFiles)
  func damaged(_ name: String) throws {
    let original = Array(
      try String(contentsOfFile: "\(packageFolder)/Examples/\(name)", encoding: .utf8).unicodeScalars)
    let folder = try Folder()
    var random = SplitMix64(seed: name.utf8.reduce(0) { $0 &* 31 &+ Int($1) })
    var rejected = 0
    for _ in 0..<60 {
      var scalars = original
      for _ in 0..<Int.random(in: 1...6, using: &random) { Self.damage(&scalars, &random) }
      var text = ""
      text.unicodeScalars.append(contentsOf: scalars)
      try folder.write("flow.yaml", Data(text.utf8))
      let found = folder.complaints()
      if !found.isEmpty { rejected += 1 }
      for line in found {
        let fields = line.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        #expect(fields.count == 4 && Int(fields[1]) ?? 0 > 0 && Int(fields[2]) ?? 0 > 0, "\(line)")
      }
    }
    // Most of what happens to a file matters, or the mutations are too mild to test anything.
    #expect(rejected > 20)
  }

  private static func damage(_ scalars: inout [Unicode.Scalar], _ random: inout SplitMix64) {
    let place = Int.random(in: 0...scalars.count, using: &random)
    let end = min(scalars.count, place + Int.random(in: 0...20, using: &random))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: scalars.removeSubrange(place..<end)
    case 1: scalars.insert(contentsOf: scalars[place..<end], at: Int.random(in: 0...scalars.count, using: &random))
    case 2: scalars.removeSubrange(place...)
    case 3:
      scalars.replaceSubrange(
        place..<end, with: pieces.randomElement(using: &random)?.unicodeScalars ?? "".unicodeScalars)
    default:
      scalars.insert(contentsOf: pieces.randomElement(using: &random)?.unicodeScalars ?? "".unicodeScalars, at: place)
    }
  }

  @Test("every piece of a template is found or refused") func templates() {
    var random = SplitMix64(seed: 7)
    let pieces = ["{{", "}}", "{", "}", "input", ".", " ", "a", "价", "steps.a.output", "\n"]
    for _ in 0..<2_000 {
      let text = (0..<Int.random(in: 0...8, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }
        .joined()
      guard case .success(let template) = Template.parse(text) else { continue }
      let filled = try? template.text { .string("{{" + $0.joined(separator: ".") + "}}") }
      // White space inside of the braces is the only thing that is not kept.
      #expect(filled?.filter { $0 != " " && $0 != "\n" } == text.filter { $0 != " " && $0 != "\n" }, "\(text)")
    }
  }
}
