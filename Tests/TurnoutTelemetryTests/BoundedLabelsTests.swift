import MetricsTestKit
import Testing
import TurnoutCore
@testable import TurnoutTelemetry

@Suite struct BoundedLabelsTests {
  @Test func theFirstWordsStayAndLaterOnesAreOther() {
    var labels = BoundedLabels(limit: 2)
    #expect(labels.label("agent") == "agent")
    #expect(labels.label("model") == "model")
    #expect(labels.label("tool") == "other")
    #expect(labels.label("agent") == "agent")
  }

  @Test(arguments: ["two words", "", "行程", "a\nb", "a,b", "a=\"b\"", String(repeating: "a", count: 65)])
  func whatIsNoWordIsOther(_ text: String) {
    var labels = BoundedLabels(limit: 9)
    #expect(labels.label(text) == "other")
    #expect(text.labelWord == "other")
  }

  @Test(arguments: ["agent", "rate_limited", "A-1.b", String(repeating: "a", count: 64)])
  func wordsStay(_ word: String) { #expect(word.labelWord == word) }

  @Test func kindsThatAProgramMakesUpAreBounded() async throws {
    let metrics = TestMetrics()
    let sink = MetricsSink(factory: metrics)
    for index in 0..<100 {
      let step = FunctionStep<Int, Int>("work", kind: StepKind("kind\(index)"), in: { number, _ in number })
      _ = try await step.run(1, sinks: [sink])
    }
    #expect(metrics.counters(label: "turnout.steps").count == 33)
    #expect(metrics.counterTotal(label: "turnout.steps", dimensions: [("kind", "other")]) == 68)
    #expect(metrics.counterTotal(label: "turnout.steps") == 100)
  }

  @Test func textIsCutAndPutOnOneLine() {
    #expect("one\ntwo\r\nthree".bounded(to: 9) == "one two t")
    #expect("short".bounded(to: 9) == "short")
  }

  @Test(
    arguments: [
      (Duration(secondsComponent: 2, attosecondsComponent: 5_000_000_000), 2_000_000_005),
      (Duration(secondsComponent: -2, attosecondsComponent: 0), 0),
      (Duration(secondsComponent: 0, attosecondsComponent: -1_000_000_000), 0),
      (Duration(secondsComponent: .max, attosecondsComponent: 0), .max),
      (Duration(secondsComponent: 9_223_372_036, attosecondsComponent: 999_999_999_000_000_000), .max),
    ] as [(Duration, Int64)])
  func durationsNeverOverflow(_ duration: Duration, _ nanoseconds: Int64) {
    #expect(duration.inNanoseconds == nanoseconds)
  }

  @Test func millisecondsAreExactToTheMicrosecond() {
    let duration = Duration(secondsComponent: 1, attosecondsComponent: 234_567_890_000_000_000)
    #expect(duration.inMilliseconds == 1_234.568)
  }
}
