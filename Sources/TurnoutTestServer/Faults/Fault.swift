/// Something that goes wrong between a server and a client, made on demand.
///
/// ```swift
/// try await ModelServer.serve([.text("Hello.").with(.reset(.afterHeaders)), .text("Hello.")]) { server in … }
/// ```
public enum Fault: Sendable, Hashable {
  /// Where in a response something happens.
  public enum Place: String, Sendable, Hashable, CaseIterable {
    /// Nothing of the response has been sent.
    case beforeHeaders
    /// The first half of the headers has been sent.
    case inHeaders
    /// The headers and the first half of the body have been sent.
    case afterHeaders
  }

  /// The request is refused.
  case refusal(Refusal)
  /// The connection is reset (a TCP RST), so that the client may lose what it has not read yet.
  case reset(Place)
  /// The connection is closed in the middle of the body, although more was promised.
  case truncation
  /// The response is whole as HTTP, but its content ends in the middle.
  case earlyEnd
  /// Nothing more is sent, and the connection stays open until the client closes it.
  case stall(Place)
  /// Every byte of the body is sent by itself.
  case singleBytes
  /// The body is cut inside of characters and inside of events.
  case splitCharacters
  /// The body is not what the wire promises: bytes made from the seed.
  case garbage
  /// An error in a response whose status is 200: an event in the middle of a stream, or the body of a whole answer.
  case errorEvent
  /// Every event of a stream comes twice; a whole answer stays as it is.
  case duplicateEvents
  /// So many bytes of blank text in place of the body: blanks, or comments of a stream.
  case blank(bytes: Int)
  /// The body is gzip, whether or not the client asked for that.
  case gzip
  /// Fields in every object, and events in every stream, that no client knows yet.
  case unknownFields

  /// A refusal by its status.
  public static func refusal(_ status: Int, after hint: WaitHint? = nil) -> Fault {
    .refusal(Refusal(status, after: hint))
  }

  /// The account is used up.
  public static let quotaExhausted = Fault.refusal(Refusal(429, isQuota: true))
  /// A hundred megabytes of nothing.
  public static let hundredMegabytes = Fault.blank(bytes: 100_000_000)

  /// Whether a client that does what the wire asks for gets the answer all the same.
  public var isHarmless: Bool { self == .singleBytes || self == .splitCharacters || self == .unknownFields }

  /// Faults that end by themselves, and after each of which a client knows that something was wrong or has the answer:
  /// what a ``FaultPlan`` draws from unless it is told otherwise.
  public static let usual: [Fault] =
    [
      .refusal(429, after: .seconds(1)), .refusal(429, after: .date(.seconds(1))),
      .refusal(429, after: .milliseconds(20)), .refusal(429, after: .retryInfo(.milliseconds(20))),
      .quotaExhausted, .refusal(500), .refusal(503), .refusal(529), .truncation, .earlyEnd, .singleBytes,
      .splitCharacters, .garbage, .errorEvent, .unknownFields,
    ] + Place.allCases.map { .reset($0) }
}
