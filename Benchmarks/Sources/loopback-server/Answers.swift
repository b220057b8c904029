import NIOCore

/// What a base URL asks for: `/d100/v1` answers after 100 ms, `/d0-n200-g5/v1` streams 200 chunks 5 ms apart.
struct Plan {
  var delay = 0
  var chunks = 20
  var gap = 0

  init(path: some StringProtocol) {
    let first = path.split(separator: "/").first ?? ""
    for part in first.split(separator: "-") {
      guard let number = Int(part.dropFirst()) else { continue }
      switch part.first {
      case "d": delay = number
      case "n": chunks = number
      case "g": gap = number
      default: break
      }
    }
  }
}

/// Whole HTTP responses, made once: serving them is copying bytes.
struct Answers {
  let plain: ByteBuffer
  let typed: ByteBuffer
  let streamHead: ByteBuffer
  let chunk: ByteBuffer
  let streamEnd: ByteBuffer

  init() {
    plain = Self.whole(Self.completion(#"The Aurora costs 499 and ships in two days. \"Good choice\", 您好."#))
    typed = Self.whole(Self.completion(#"{\"reasoning\":\"r\",\"route\":\"consult\"}"#))
    streamHead = ByteBuffer(
      string: "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        + Self.piece(Self.event(#"{"role":"assistant","content":""}"#)))
    chunk = ByteBuffer(string: Self.piece(Self.event(#"{"content":" token"}"#)))
    streamEnd = ByteBuffer(
      string: Self.piece(Self.event("{}", finish: #""stop""#))
        + Self.piece(
          #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"bench","choices":[],"#
            + #""usage":{"prompt_tokens":30,"completion_tokens":200,"total_tokens":230}}"# + "\n\n")
        + Self.piece("data: [DONE]\n\n") + "0\r\n\r\n")
  }

  static func whole(_ body: String) -> ByteBuffer {
    ByteBuffer(
      string: "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
  }

  private static func completion(_ content: String) -> String {
    #"{"id":"chatcmpl-1","object":"chat.completion","created":1760000000,"model":"bench","choices":[{"index":0,"#
      + #""message":{"role":"assistant","content":""# + content + #"","refusal":null},"logprobs":null,"#
      + #""finish_reason":"stop"}],"usage":{"prompt_tokens":30,"completion_tokens":15,"total_tokens":45,"#
      + #""prompt_tokens_details":{"cached_tokens":0}},"system_fingerprint":"fp_1"}"#
  }

  private static func event(_ delta: String, finish: String = "null") -> String {
    #"data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"bench","#
      + #""system_fingerprint":"fp_1","choices":[{"index":0,"delta":"# + delta
      + #","logprobs":null,"finish_reason":"# + finish + "}]}\n\n"
  }

  private static func piece(_ text: String) -> String { String(text.utf8.count, radix: 16) + "\r\n\(text)\r\n" }
}
