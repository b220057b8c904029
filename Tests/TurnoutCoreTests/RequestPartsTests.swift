import Testing
import TurnoutCore

@Suite struct RequestPartsTests {
  @Test(arguments: [
    ["My screen is broken. ", "What does a new phone cost?"], ["My screen is broken! ", "What does the new one cost"],
    ["我的手机屏幕碎了。", "新款手机多少钱？"], ["我的手机坏了，", "另外想问一下新款的价格"], ["我要退货、", "顺便问一下新款价格"],
    ["my screen is broken", ", and what does the new phone cost"],
    ["fix my broken screen", " and also tell me the price"],
    ["I want my money back", " As well as a new invoice"], ["cancel my old order", ", then send me the price"],
    ["first line says this\n", "second line says that"], ["first line says this\r\n\r\n", "second line says that"],
    ["屏幕碎了怎么办；", "发票也没有收到"], ["What is this for?! ", "I want it gone... ", "Who can I call?"],
    ["He said \"it is broken.\" ", "What does it cost?"], ["手机坏了怎么修， ", "還有我想開發票"], ["iPhone 坏了修；", "价格是多少？"],
  ])
  func textsAreCutBetweenRequests(parts: [String]) {
    #expect(RequestParts.of(parts.joined()).map { String($0) } == parts)
  }

  @Test(arguments: [
    "What does it cost?", "It costs 3.5 or 4.99 at shop.example.com/a?b=c;d=e they say",
    "Dr. Miller and Mr. Smith vs. St. Paul",
    "red and blue and green phones", "Hello! My screen is broken.", "My screen is broken. Thanks!", "你好！我的手机坏了。",
    "我的手机坏了，谢谢", "这两个手机可以同时用吗", "你们店里还有货吗", "我想要另外一个颜色的", "see e.g. the second page of the book",
    "I bought it in Nov, 2024 at the shop", "a;b;c;d;e;f;g;h", "", " ", "\n\n", "。。。", "and also ", "另外",
    "the phones, plush and good",
  ])
  func oneRequestIsOnePart(text: String) {
    #expect(RequestParts.of(text).map { String($0) } == (text.isEmpty ? [] : [text]))
  }

  @Test func tooLittleIsJoinedToItsNeighbour() {
    let text = "Hi. Hello there. My screen is broken. OK? What does a new one cost? Bye."
    #expect(
      RequestParts.of(text).map { String($0) } == [
        "Hi. Hello there. ", "My screen is broken. ", "OK? What does a new one cost? Bye.",
      ])
  }

  @Test func theLastPartHoldsTheRest() {
    let parts = RequestParts.of((1...9).map { "this is sentence number\($0). " }.joined())
    #expect(parts.count == RequestParts.most)
    #expect(parts[3] == "this is sentence number4. ")
    #expect(parts[4].hasPrefix("this is sentence number5. ") && parts[4].hasSuffix("number9. "))
  }

  @Test func aThingThatGoesOnAndOnIsReadOnce() {
    for piece in [". ", "a. ", ",", ", and ", "，另外", "?", "\n", "aaaaaaaaaa", "我"] {
      let text = String(repeating: piece, count: 20_000)
      let time = ContinuousClock().measure { #expect(RequestParts.of(text).joined() == text) }
      #expect(time < .seconds(20), "\(piece)")
    }
  }

  @Test func thePartsAreTheWholeText() {
    for seed in 0..<1_500 {
      var random = SplitMix64(seed: seed)
      let words = [
        "and", " and also ", "，另外", "。", ". ", "my phone", " is broken", "手机坏了", "\n", ", plus ", "e.g. ", " ",
      ]
      let text = (0..<random.int(0...14))
        .map { _ in random.chance(80) ? random.pick(words) : garbage(&random, upTo: 8) }.joined()
      let parts = RequestParts.of(text)
      #expect(Array(parts.joined().unicodeScalars) == Array(text.unicodeScalars), "seed \(seed)")
      #expect(parts.count <= RequestParts.most && parts.allSatisfy { !$0.isEmpty }, "seed \(seed)")
    }
  }
}
