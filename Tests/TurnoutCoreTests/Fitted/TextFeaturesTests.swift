import Testing

@testable import TurnoutCore

@Suite struct TextFeaturesTests {
  @Test func aWordIsTheSameWhateverItsCaseAndWhatStandsAround() {
    let plain = TextFeatures.words("cancel my order")
    #expect(plain.count == 3)
    #expect(TextFeatures.words("Cancel MY Order!") == plain)
    #expect(TextFeatures.words("  cancel,\n(my)\t\"order\"…") == plain)
    #expect(Set(plain).count == 3)
  }

  @Test(arguments: [("ÄRGER", "ärger"), ("ЗАКАЗ", "заказ"), ("ΤΙΜΉ", "τιμή"), ("Çok", "çok")])
  func caseIsFoldedBeyondASCII(upper: String, lower: String) {
    #expect(TextFeatures.words(upper) == TextFeatures.words(lower))
    #expect(TextFeatures.words(lower).count == 1)
  }

  @Test func digitsAndMarksBelongToWords() {
    #expect(TextFeatures.words("iphone15").count == 1)
    #expect(TextFeatures.words("iphone 15").count == 2)
    #expect(TextFeatures.words("हिन्दी").count == 1)
    #expect(TextFeatures.words("e\u{301}t\u{e9}").count == 1)
    #expect(TextFeatures.words("snake_case").count == 2)
    #expect(TextFeatures.words("don't").count == 2)
  }

  @Test func nothingHasNoWords() {
    #expect(TextFeatures.words("").isEmpty)
    #expect(TextFeatures.words(" .,;!?—。！🙂\u{0}").isEmpty)
    #expect(TextFeatures.counts("").isEmpty)
  }

  @Test func chineseCharactersStandAlone() {
    #expect(TextFeatures.words("我想退货").count == 4)
    #expect(TextFeatures.words("退货") == Array(TextFeatures.words("我想退货").suffix(2)))
    #expect(TextFeatures.words("かな").count == 2)
    #expect(TextFeatures.words("환불").count == 2)
    #expect(TextFeatures.words("𠀀𠀁").count == 2)
  }

  @Test func aCharacterAloneEndsTheWordBeforeIt() {
    let words = TextFeatures.words("order订单order")
    #expect(words.count == 4)
    #expect(words.first == words.last)
    #expect(words.first == TextFeatures.words("order").first)
  }

  @Test func pairsAreOfNeighboursInOrder() {
    let counts = TextFeatures.counts("a b c")
    #expect(counts.count == 5, "three words and two pairs")
    let there = Set(TextFeatures.counts("a b").keys)
    let back = Set(TextFeatures.counts("b a").keys)
    #expect(there.intersection(back) == Set(TextFeatures.words("a b")), "the words are shared, the pairs are not")
    #expect(Set(TextFeatures.counts("a c").keys).isSubset(of: counts.keys) == false)
    #expect(there.isSubset(of: Set(counts.keys)))
  }

  @Test func wordsAndPairsAreCounted() throws {
    let counts = TextFeatures.counts("no no no yes")
    let no = try #require(TextFeatures.words("no").first)
    #expect(counts[no] == 3)
    #expect(counts.values.sorted() == [1, 1, 2, 3], "no, no no, no yes, yes")
  }

  @Test func onlyTheFirstWordsAreRead() {
    let limit = TextFeatures.limit
    let text = (0..<limit).map { "w\($0)" }.joined(separator: " ")
    #expect(TextFeatures.words(text).count == limit)
    #expect(TextFeatures.words(text + " one more") == TextFeatures.words(text))
    #expect(TextFeatures.words(String(repeating: "价", count: 3 * limit)).count == limit)
    #expect(TextFeatures.words((0..<limit - 1).map { "w\($0)" }.joined(separator: " ")).count == limit - 1)
  }

  @Test func hashesAreTheSameInEveryProcess() {
    // FNV-1a of one letter, and of two: what a file has must be found again.
    #expect(TextFeatures.words("a") == [0xaf63_dc4c_8601_ec8c])
    #expect(TextFeatures.words("ab") == [0x089c_4407_b545_986a])
  }

  @Test func anyTextIsRead() {
    var random = SplitMix64(seed: 5)
    for _ in 0..<200 {
      var text = String.UnicodeScalarView()
      for _ in 0..<random.int(0...40) {
        if let scalar = Unicode.Scalar(UInt32(random.int(0...0x10FFFF))) { text.append(scalar) }
      }
      let words = TextFeatures.words(String(text))
      #expect(words.count <= text.count)
      #expect(TextFeatures.counts(String(text)).values.reduce(0, +) == max(0, 2 * words.count - 1))
    }
  }
}
