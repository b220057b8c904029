#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reads a file piece by piece, up to a limit.
enum FileBytes {
  struct Failure: Error {
    let message: String

    static func tooLarge(_ limit: Int) -> Failure { Failure(message: "the file is larger than \(limit >> 20) MiB") }
  }

  /// - Throws: ``Failure`` when the file cannot be read or is larger than the limit.
  static func read(_ path: String, limit: Int, _ take: (UnsafeRawBufferPointer) -> Void) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(message: "there is no such file, or it cannot be read") }
    defer { close(descriptor) }
    try read(descriptor, limit: limit, take)
  }

  /// Reads from where the descriptor stands to the end.
  static func read(_ descriptor: CInt, limit: Int, _ take: (UnsafeRawBufferPointer) -> Void) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    var total = 0
    while true {
      let count = systemRead(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { return }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw Failure(message: errno == EISDIR ? "it is a folder, not a file" : "it cannot be read")
      }
      total += count
      guard total <= limit else { throw Failure.tooLarge(limit) }
      take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }
}

// Inside the type, `read` means its own function.
private func systemRead(_ descriptor: CInt, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
