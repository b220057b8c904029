#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Appends bytes to a file under a lock, so that what several processes write does not mix.
enum AppendOnlyFile {
  /// Appends all bytes, or nothing when the file cannot be opened, locked or written.
  static func append(_ bytes: [UInt8], to path: String) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else { return }
    let end = lseek(descriptor, 0, SEEK_END)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count <= 0 {
        // A full disk: take back what is only half there.
        _ = ftruncate(descriptor, end)
        return
      }
      written += count
    }
  }
}
