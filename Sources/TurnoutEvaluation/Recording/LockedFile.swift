#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A file that one program at a time reads and appends to.
final class LockedFile: Sendable {
  private let path: String
  private let descriptor: CInt

  /// Opens the file, makes it when it is not there, and locks it until the object goes.
  /// - Throws: ``EvaluationError`` when it cannot be opened, or another program has it.
  init(_ path: String) throws {
    self.path = path
    descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      throw EvaluationError.recording("\(path): it cannot be opened for writing; choose another --record file")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw EvaluationError.recording("\(path): another run is writing it; wait for it or choose another --record file")
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    // A process that is just being started shares the lock until it is another program, so that closing is not enough.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  /// Reads from the beginning.
  func read(limit: Int, _ take: (UnsafeRawBufferPointer) -> Void) throws {
    lseek(descriptor, 0, SEEK_SET)
    try FileBytes.read(descriptor, limit: limit, take)
  }

  /// Drops what comes after so many bytes.
  func cut(to bytes: Int) throws {
    guard ftruncate(descriptor, off_t(bytes)) == 0 else { throw unwritable }
  }

  /// Appends a text in one write, or nothing of it.
  func append(_ text: String) throws {
    let bytes = Array(text.utf8)
    let end = lseek(descriptor, 0, SEEK_END)
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else {
        // A full disk: take back what is only half there.
        _ = ftruncate(descriptor, end)
        throw unwritable
      }
      written += count
    }
  }

  private var unwritable: EvaluationError { .recording("\(path): it cannot be written; is the disk full?") }
}
