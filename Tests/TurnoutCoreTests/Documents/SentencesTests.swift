import Testing
import TurnoutCore

@Suite struct SentencesTests {
  @Test(arguments: [
    ("", []), ("no end", ["no end"]), ("Ab. Cd? Ef!", ["Ab. ", "Cd? ", "Ef!"]),
    ("Pi is 3.14. Yes.", ["Pi is 3.14. ", "Yes."]),
    ("At 5 p.m. it ends. At 6 p.m. We go.", ["At 5 p.m. it ends. ", "At 6 p.m. ", "We go."]),
    ("你好。再见！", ["你好。", "再见！"]), ("他说：“走。”然后走了。", ["他说：“走。”", "然后走了。"]),
    ("「行く。」と言った。", ["「行く。」", "と言った。"]), ("真的吗?是的!好", ["真的吗?", "是的!", "好"]), ("等等……好吧。行", ["等等……好吧。", "行"]),
    ("他来了。**重要。**再见。", ["他来了。", "**重要。**", "再见。"]), ("什么？！不行。", ["什么？！", "不行。"]),
    ("找Dr.？Sure…！好", ["找Dr.？", "Sure…！", "好"]), ("ａは３．１４です．次", ["ａは３．１４です．", "次"]),
    ("Wait... what?", ["Wait... ", "what?"]), ("Wait… What?", ["Wait… ", "What?"]),
    ("He said \"go.\" Then (no.) No.", ["He said \"go.\" ", "Then (no.) ", "No."]),
    ("\"Really?\" he asked. \"Yes.\"", ["\"Really?\" he asked. ", "\"Yes.\""]),
    ("“Really?” he asked. ‘Yes.’ Good.", ["“Really?” he asked. ", "‘Yes.’ ", "Good."]),
    ("**Done.** Next. *So.* End", ["**Done.** ", "Next. ", "*So.* ", "End"]),
    ("Line one.\r\nLine two.", ["Line one.\r\n", "Line two."]), ("a；b", ["a；", "b"]),
    ("Dr. Who met Mrs. Hall, e.g. today. Then.", ["Dr. Who met Mrs. Hall, e.g. today. ", "Then."]),
    ("By J. R. R. Tolkien. And I. Then U.S. Army.", ["By J. R. R. Tolkien. ", "And I. ", "Then U.S. Army."]),
    ("See No. 5 and Fig. 2. No. Never.", ["See No. 5 and Fig. 2. ", "No. ", "Never."]),
    ("Cats, dogs etc. are here. Cats etc. Then.", ["Cats, dogs etc. are here. ", "Cats etc. ", "Then."]),
    ("z.B. so, d.h. anders. Ende.", ["z.B. so, d.h. anders. ", "Ende."]),
    ("1. Charge it. Then go.", ["1. Charge it. ", "Then go."]), ("In 1990. Then.", ["In 1990. ", "Then."]),
    ("a.\n> 2. Two. b", ["a.\n", "> 2. Two. ", "b"]),
    (
      "Call `a. B()` now. See [this. That](https://a.example/?q=b. C). End.",
      ["Call `a. B()` now. ", "See [this. That](https://a.example/?q=b. C). ", "End."]
    ),
    ("One <!-- not. Here. --> two. Three", ["One <!-- not. Here. --> two. ", "Three"]), ("A ` b. C", ["A ` b. ", "C"]),
    ("www.a.example/b.html is here. So", ["www.a.example/b.html is here. ", "So"]),
    ("title\n\ntext", ["title\n\n", "text"]),
    ("यह है। वह था।", ["यह है। ", "वह था।"]), ("هل؟ نعم.", ["هل؟ ", "نعم."]), ("🙂. 🙃! Ok", ["🙂. ", "🙃! ", "Ok"]),
  ])
  func sentences(text: String, expected: [String]) {
    #expect(Sentences.of(text).map(String.init) == expected)
  }

  @Test(arguments: 1...300) func togetherTheyAreTheText(seed: Int) {
    var random = SplitMix64(seed: seed)
    let parts = [
      "Dr", "e.g", "3", "word", "中文", ".", "!", "?", "。", "？", "”", "\"", "(", ")", "*", "_", "`", "[", "](", "<!--",
      "-->", " ", " ",
      "\n", "\r\n", "\n\n", "…", "\u{301}", "😀", "👩‍💻", ">", "|", "\\", "1.",
    ]
    let text = (0..<random.int(0...80)).map { _ in random.pick(parts) }.joined()
    let sentences = Sentences.of(text)
    #expect(Array(sentences.joined().utf8) == Array(text.utf8))
    #expect(sentences.allSatisfy { !$0.isEmpty })
    for sentence in sentences.dropFirst() { #expect(sentence.unicodeScalars.first?.properties.isWhitespace == false) }
  }
}
