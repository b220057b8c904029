import Testing

@testable import TurnoutCore

/// Random Markdown: whatever it holds, its sections are the document again, and nothing is cut that belongs together.
@Suite struct DocumentPropertyTests {
  /// Draws the options of a splitter.
  private func splitter(_ random: inout SplitMix64, oversized: DocumentSplitter.Oversized) -> DocumentSplitter {
    let count = random.int(1...300)
    let limit: TextLimit =
      switch random.int(0...2) {
      case 0: .characters(count)
      case 1: .tokens(count)
      default: .tokens(count) { $0.unicodeScalars.count }
      }
    return DocumentSplitter(
      by: random.pick(DocumentSplitter.Border.allCases), limit: limit,
      overlap: random.chance(50) ? random.int(1...90) : 0,
      keeping: Set(DocumentSplitter.KeptBlock.allCases.filter { _ in random.chance(25) }), oversized: oversized)
  }

  @Test(arguments: 1...600) func sectionsAreTheDocument(seed: Int) async throws {
    let document = RandomDocument(seed: seed)
    var random = SplitMix64(seed: seed &* 7_919)
    let splitter = splitter(&random, oversized: .staysWhole)
    let sections = try await splitter.sections(of: document.text)

    let joined = sections.map { $0.text + $0.separator }.joined()
    #expect(Array(joined.utf8) == Array(document.text.utf8))
    #expect(sections.allSatisfy { $0.separator.allSatisfy(\.isWhitespace) && $0.text.last?.isWhitespace != true })
    for block in document.whole {
      #expect(sections.contains { $0.text.contains(block) }, "seed \(seed): a block was cut: \(block)")
    }
    let kept = document.blocks(of: splitter.keeping)
    for block in kept {
      #expect(sections.contains { $0.isKept && $0.text.contains(block) }, "seed \(seed): not kept: \(block)")
      #expect(!sections.contains { $0.isSent && $0.input.contains(block) }, "seed \(seed): sent: \(block)")
    }
    for section in sections where section.isSent {
      let size = try await splitter.limit.size(section.text, in: Run())
      guard size > splitter.limit.count else { continue }
      #expect(document.isUnbreakable(section.text), "seed \(seed): \(size) of \(splitter.limit.count): \(section.text)")
    }
    #expect(try await splitter.sections(of: document.text) == sections)
  }

  @Test(arguments: 1...300) func whatAStepIsGivenFitsBack(seed: Int) async throws {
    let document = RandomDocument(seed: seed)
    var random = SplitMix64(seed: seed &* 104_729)
    let splitter = splitter(&random, oversized: .staysWhole)
    let same = try await Split(FunctionStep("same") { (text: String) in "\n" + text + " \n" }, by: splitter).run(
      document.text)
    #expect(Array(same.text.utf8) == Array(document.text.utf8), "seed \(seed)")
    let lineFeeds = FunctionStep("lf") { (text: String) in
      text.split(separator: "\r\n", omittingEmptySubsequences: false).joined(separator: "\n")
    }
    let restored = try await Split(lineFeeds, by: splitter, preservesShape: true, onFailure: .settle).run(document.text)
    #expect(
      restored.outcomes.allSatisfy { $0.failure == nil }, "seed \(seed): \(restored.outcomes.compactMap(\.failure))")
    #expect(Array(restored.text.utf8) == Array(document.text.utf8), "seed \(seed)")
  }

  @Test(arguments: 1...300) func theShapesOfSectionsAreTheDocuments(seed: Int) async throws {
    let document = RandomDocument(seed: seed)
    var random = SplitMix64(seed: seed &* 15_485_863)
    let sections = try await splitter(&random, oversized: .staysWhole).sections(of: document.text)
    let whole = DocumentShape(of: document.text)
    let shapes = sections.map { DocumentShape(of: $0.text, at: $0.place) }
    #expect(shapes.flatMap(\.headings) == whole.headings, "seed \(seed)")
    #expect(shapes.flatMap(\.code) == whole.code, "seed \(seed)")
    #expect(
      shapes.flatMap(\.tables).reduce(0) { $0 + $1.rows } == whole.tables.reduce(0) { $0 + $1.rows }, "seed \(seed)")
    #expect(whole.headings == document.headings, "seed \(seed)")
    #expect(whole.code.count == document.code.count, "seed \(seed)")
    #expect(whole.tables.map(\.rows) == document.tables, "seed \(seed)")
    #expect(whole.complaint(about: document.text) == nil)
  }

  @Test(arguments: 1...300) func theContextIsWhatComesBefore(seed: Int) async throws {
    let document = RandomDocument(seed: seed)
    var random = SplitMix64(seed: seed &* 31)
    let splitter = splitter(&random, oversized: .staysWhole)
    var before = ""
    for section in try await splitter.sections(of: document.text) {
      if section.isKept { #expect(section.context == "") }
      #expect(splitter.limit.cautiousSize(section.context) <= splitter.overlap)
      let end = String(before.trimmedAtEnd)
      #expect(Array(end.utf8.suffix(section.context.utf8.count)) == Array(section.context.utf8), "seed \(seed)")
      before += section.text + section.separator
    }
  }

  @Test(arguments: 1...300) func itFailsExactlyWhenSomethingIsTooLong(seed: Int) async throws {
    let document = RandomDocument(seed: seed)
    var random = SplitMix64(seed: seed &* 613)
    let whole = splitter(&random, oversized: .staysWhole)
    random = SplitMix64(seed: seed &* 613)
    let strict = splitter(&random, oversized: .fails)
    var isTooLong = false
    for section in try await whole.sections(of: document.text) where section.isSent {
      if try await whole.limit.size(section.text, in: Run()) > whole.limit.count { isTooLong = true }
    }
    let failure: RunFailure? = await {
      do { _ = try await strict.sections(of: document.text) } catch { return RunFailure(error) }
      return nil
    }()
    #expect((failure != nil) == isTooLong, "seed \(seed): \(failure?.message ?? "no failure")")
  }

  /// Any bytes at all, half of them marks: nothing traps, and nothing gets lost.
  @Test(arguments: 1...400) func anyTextIsCut(seed: Int) async throws {
    var random = SplitMix64(seed: seed)
    let parts = [
      "#", "##", "`", "```", "~~~", "|", "|---|", "-", "--", "*", "+", ">", "1.", "2)", "=", "===", "<!--", "-->",
      "<pre>", "</pre>", " ",
      "  ", "    ", "\t", "\n", "\n", "\n\n", "\r\n", "\r", "word", "Word.", "中文。", "😀", "👩‍💻", "\u{301}", "\\", "[",
      "](", ")", "<",
      "\u{2028}", "\u{3000}", "\u{FEFF}", "🇩", "🇪",
    ]
    let text = (0..<random.int(0...90)).map { _ in random.pick(parts) }.joined()
    let splitter = splitter(&random, oversized: .staysWhole)
    let sections = try await splitter.sections(of: text)
    #expect(Array(sections.map { $0.text + $0.separator }.joined().utf8) == Array(text.utf8), "seed \(seed)")
    let same = try await Split(FunctionStep("same") { (text: String) in text }, by: splitter, preservesShape: true).run(
      text)
    #expect(Array(same.text.utf8) == Array(text.utf8), "seed \(seed): \(text.debugDescription)")
  }
}
