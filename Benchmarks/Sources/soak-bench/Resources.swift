import BenchmarkSystem

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What a process holds at a moment; nothing is known of it but on Linux.
struct Resources: Sendable {
  /// Open sockets.
  let sockets: Int
  /// Resident memory, MiB.
  let memory: Double

  static var now: Resources {
    Machine.trimMemory()
    return Resources(sockets: openSockets, memory: residentMemory)
  }

  /// Returns when no more than so many sockets are open, or after ten seconds: connections that were closed by the other
  /// side are taken out of the client's pool a moment later.
  static func settle(to sockets: Int) async throws {
    for _ in 0..<1_000 where openSockets > sockets { try await Task.sleep(for: .milliseconds(10)) }
  }

  private static var openSockets: Int {
    guard let folder = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      var target = [CChar](repeating: 0, count: 64)
      let length = readlink("/proc/self/fd/\(name)", &target, target.count - 1)
      guard length > 0 else { continue }
      let text = String(decoding: target.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
      if text.hasPrefix("socket:") { count += 1 }
    }
    return count
  }

  private static var residentMemory: Double {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var line = [CChar](repeating: 0, count: 256)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    return pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576
  }
}
