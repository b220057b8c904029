import Testing
import TurnoutCore

@Suite struct TokenEstimateTests {
  @Test(arguments: [
    ("", 0), (" \n\t", 0), ("a", 1), ("hello", 3), ("hello world", 6), ("12345", 5), ("don't", 4), ("你好", 2), ("😀", 2),
    ("naïve", 3), ("e\u{301}", 2), ("a1b", 3), ("...", 3), ("𠀀", 2),
  ])
  func counts(text: String, count: Int) {
    #expect(TokenEstimate.upperBound(text) == count)
    #expect(TokenEstimate.upperBound(text[...]) == count)
  }

  @Test func whatFitsIsNotCut() {
    #expect(TokenEstimate.cut("hello", to: 3) == nil)
    #expect(TokenEstimate.cut("hello", to: 5) == nil)
    #expect(TokenEstimate.cut("", to: 0) == nil)
  }

  @Test func whatDoesNotFitIsCutBetweenCharacters() {
    #expect(TokenEstimate.cut("hello", to: 2) == "hell")
    #expect(TokenEstimate.cut("你好吗", to: 2) == "你好")
    #expect(TokenEstimate.cut("ab👨‍👩‍👧", to: 3) == "ab")
    #expect(TokenEstimate.cut("abc", to: 0) == "")
  }

  @Test(arguments: 1...200) func cutsAsLittleAsItCan(seed: Int) throws {
    var random = SplitMix64(seed: seed)
    let pieces = ["a", "Bc", " ", "\n", "7", "é", "e\u{301}", "中", "😀", "-", "👩‍💻"]
    let text = (0..<random.int(0...60)).map { _ in random.pick(pieces) }.joined()
    let limit = random.int(0...40)
    guard let cut = TokenEstimate.cut(text, to: limit) else {
      #expect(TokenEstimate.upperBound(text) <= limit || text.utf8.count <= limit)
      return
    }
    #expect(text.hasPrefix(cut))
    #expect(cut.count < text.count)
    #expect(TokenEstimate.upperBound(cut) <= limit)
    #expect(TokenEstimate.upperBound(text.prefix(cut.count + 1)) > limit)
  }
}
