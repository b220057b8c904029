import BenchmarkSystem
import NIOCore
import NIOHTTP1
import NIOPosix

/// Answers like OpenAI's Chat Completions, at once and out of memory, so that what is measured is the client.
///
/// Prints its port and ends when its standard input does, so that it never outlives who started it.
@main
enum LoopbackServer {
  static func main() async throws {
    Machine.raiseFileLimit()
    Machine.pin(to: 1)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let shared = try await loop.submit { NIOLoopBound((Answers(), Counter()), eventLoop: loop) }.get()
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 16_384)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let (answers, counter) = shared.value
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
          try pipeline.addHandler(AnswerHandler(answers: answers, counter: counter))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    print(channel.localAddress?.port ?? 0)
    Machine.flush()
    while readLine() != nil {}
  }
}
