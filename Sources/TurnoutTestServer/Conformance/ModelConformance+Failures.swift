import TurnoutCore

extension ModelConformance {
  static let refusals: [Check] =
    [
      (401, "authentication"), (403, "authentication"), (404, "not_found"), (429, "rate_limited"), (500, "server"),
      (502, "server"), (503, "overloaded"), (529, "overloaded"), (400, "refused"),
    ].map { status, label in
      check("a refusal with \(status) is the error \(label)", .refusal(status)) { probe in
        try probe.expect(try await probe.failure().label, is: label, "the error")
        try probe.expect(probe.server.requests.count, is: 1, "the number of requests")
      }
    } + [
      check("a refusal's date says how long to wait", .refusal(429, after: .date(.seconds(100)))) { probe in
        try expectWait(try await probe.failure(), probe)
      },
      check("an account that is used up is no rate limit", ServedAnswer.text("").with(.quotaExhausted)) { probe in
        try probe.expect(try await probe.failure().label, is: "quota_exhausted", "the error")
      },
      check(
        "a limit says how long to wait", { _, _ in .text("Yes.") }, limit: RequestLimit(bucket: 1, perSecond: 0.01)
      ) { probe in
        _ = try await probe.ask()
        let error = try await probe.failure()
        try probe.expect(error.label, is: "rate_limited", "the error")
        try expectWait(error, probe)
      },
    ]

  /// A wait of about a hundred seconds; a slow machine may have used some of them up.
  private static func expectWait(_ error: ModelError, _ probe: Probe) throws {
    let wait = error.retryAfter ?? .zero
    try probe.expect(
      wait > .seconds(30) && wait < .seconds(102),
      "the wait is \(error.retryAfter.map { "\($0)" } ?? "not known"), not a hundred seconds")
  }

  /// Faults after which the answer is lost, with the errors that say so.
  private static let losses: [(String, Fault, [String])] = [
    ("a connection that is reset before the headers", .reset(.beforeHeaders), ["connection"]),
    ("a connection that is reset in the headers", .reset(.inHeaders), ["connection"]),
    ("a connection that is reset in the body", .reset(.afterHeaders), ["connection"]),
    ("a body that is cut off", .truncation, ["connection"]),
    ("an answer that ends in the middle", .earlyEnd, ["connection", "malformed"]),
    ("garbage", .garbage, ["malformed", "connection"]),
    ("a megabyte of nothing", .blank(bytes: 1_000_000), ["malformed", "connection"]),
    (
      "an error in an answer that was called good", .errorEvent,
      ["server", "overloaded", "refused", "malformed", "rate_limited"]
    ),
  ]

  static let brokenAnswers: [Check] =
    losses.map { what, fault, labels in
      check("\(what) is told as an error", ServedAnswer.text("It costs 499, and not more.").with(fault)) { probe in
        let label = try await probe.failure().label
        try probe.expect(labels.contains(label), "the error is \(label), not one of \(labels.joined(separator: ", "))")
      }
    } + [
      check("a tool call that is cut off is not made", .call("price", ["name": "Aurora"]).with(.earlyEnd)) { probe in
        _ = try await probe.failure()
      },
      check(
        "a hundred megabytes of nothing are told as an error", ServedAnswer.text("Yes.").with(.hundredMegabytes)
      ) { probe in
        _ = try await probe.failure()
      },
    ]
    + [("a compressed body", Fault.gzip), ("events that come twice", .duplicateEvents)].map { what, fault in
      check("\(what) is an answer or an error", ServedAnswer.text("It costs 499.").with(fault)) { probe in
        do {
          let text = try await probe.ask().response.text
          try probe.expect(text.contains("499"), "the text is \(text)")
        } catch is ModelError {}
      }
    }
}
