import NIOCore
import NIOPosix

#if os(Linux)
  import Glibc
#endif

/// The event loops that calls run on.
///
/// There are as many as the machine has processors, whatever this process may use of them. Where that is one (a container
/// with a set of processors, `taskset`), more than one loop would do nothing but wake each other.
enum EventLoops {
  static let forThisProcess: any EventLoopGroup = {
    let all = MultiThreadedEventLoopGroup.singleton
    return hasOneProcessor ? all.any() : all
  }()

  private static var hasOneProcessor: Bool {
    #if os(Linux)
      guard let file = fopen("/proc/self/status", "r") else { return false }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 4_096)
      while fgets(&line, Int32(line.count), file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        if let processors = text.split(separator: "Cpus_allowed_list:", maxSplits: 1).last, processors != text {
          return isOne(processors)
        }
      }
    #endif
    return false
  }

  /// Whether a list such as `0-3,8` is of one processor.
  static func isOne(_ processors: some StringProtocol) -> Bool {
    let numbers = processors.filter { !$0.isWhitespace }
    return !numbers.isEmpty && numbers.allSatisfy(\.isNumber)
  }
}
