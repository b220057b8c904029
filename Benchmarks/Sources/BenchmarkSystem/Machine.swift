import CAffinity

#if canImport(Darwin)
  public import Darwin
#else
  public import Glibc
#endif

/// What a process asks of the machine before it measures or serves.
public enum Machine {
  /// Raises the soft limit on open files as far as it goes: a thousand calls at once are a thousand connections.
  public static func raiseFileLimit() {
    var limit = rlimit()
    #if canImport(Darwin)
      let resource = RLIMIT_NOFILE
      guard getrlimit(resource, &limit) == 0 else { return }
      limit.rlim_cur = min(limit.rlim_max, rlim_t(OPEN_MAX))
    #else
      let resource = __rlimit_resource_t(7)
      guard getrlimit(resource, &limit) == 0 else { return }
      limit.rlim_cur = limit.rlim_max
    #endif
    _ = setrlimit(resource, &limit)
  }

  /// Keeps this process on one processor, where the system can do so and there are several.
  public static func pin(to processor: Int) {
    if processors > 1 { _ = bench_pin(Int32(processor)) }
  }

  /// Gives memory that was freed back to the system, where the C library can, so that what is resident is held.
  public static func trimMemory() { bench_trim() }

  /// How many processors there are.
  public static var processors: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

  /// User and system time of this process so far, in microseconds.
  public static var processorTime: Double {
    var usage = rusage()
    #if canImport(Darwin)
      getrusage(RUSAGE_SELF, &usage)
    #else
      getrusage(__rusage_who_t(0), &usage)
    #endif
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime)
  }

  /// A time of the system's in microseconds.
  public static func microseconds(_ time: timeval) -> Double { Double(time.tv_sec) * 1e6 + Double(time.tv_usec) }

  /// The most memory this process has held, in MiB.
  ///
  /// On Linux not from `getrusage`, whose figure includes what the parent held when it started this process.
  public static var peakMemory: Double {
    #if os(Linux)
      guard let file = fopen("/proc/self/status", "r") else { return 0 }
      defer { fclose(file) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, Int32(line.count), file) != nil {
        let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard text.hasPrefix("VmHWM:") else { continue }
        return (Double(text.filter(\.isNumber)) ?? 0) / 1_024
      }
      return 0
    #else
      var usage = rusage()
      getrusage(RUSAGE_SELF, &usage)
      return Double(usage.ru_maxrss) / 1_048_576
    #endif
  }
}

extension Machine {
  /// Sends what was printed on its way.
  public static func flush() { fflush(nil) }

  /// The path of this program.
  public static var executable: String {
    #if os(Linux)
      guard let path = realpath("/proc/self/exe", nil) else { return CommandLine.arguments[0] }
    #else
      guard let path = realpath(CommandLine.arguments[0], nil) else { return CommandLine.arguments[0] }
    #endif
    defer { free(path) }
    return String(cString: path)
  }
}
