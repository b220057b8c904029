import TurnoutCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The files of a recording. Their names are made of hexadecimal digits alone, and links are not followed, so that none
/// leads out of the folder.
enum RecordingFile {
  /// `1f00c0ffee00aa55-1.json`
  struct Name: Sendable, Hashable, Comparable {
    let fingerprint: String
    /// Which of the same requests it was, from 1.
    let number: Int

    var text: String { "\(fingerprint)-\(number).json" }

    init(fingerprint: String, number: Int) {
      self.fingerprint = fingerprint
      self.number = number
    }

    /// Nil for another file's name.
    init?(_ text: String) {
      let parts = text.dropLast(5).split(separator: "-")
      guard text.hasSuffix(".json"), parts.count == 2, parts[0].count == 16, let number = Int(parts[1]), number > 0,
        parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
      else { return nil }
      self.init(fingerprint: String(parts[0]), number: number)
    }

    static func < (left: Name, right: Name) -> Bool {
      (left.fingerprint, left.number) < (right.fingerprint, right.number)
    }
  }

  private static let limit = 256 << 20

  /// The recordings in a folder, in order.
  static func names(in folder: String) throws -> [Name] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw RecordingError.unusable(folder, "there is no such folder, or it cannot be read")
    }
    return names.compactMap(Name.init).sorted()
  }

  static func read(_ name: Name, in folder: String) throws -> Value {
    let path = "\(folder)/\(name.text)"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { throw RecordingError.unusable(path, "it cannot be read, or is a link") }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { break }
      guard count > 0, bytes.count + count <= limit else {
        throw RecordingError.unusable(path, count > 0 ? "it is larger than 256 MiB" : "it cannot be read")
      }
      bytes += buffer[..<count]
    }
    do { return try bytes.withUnsafeBytes { try Value(json: $0) } } catch {
      throw RecordingError.unusable(path, "it is no JSON: \(RunFailure(error).message)")
    }
  }

  /// Writes a file whole or not at all.
  static func write(_ bytes: [UInt8], to name: Name, in folder: String) throws {
    let (path, draft) = ("\(folder)/\(name.text)", "\(folder)/.\(name.text).draft")
    // What a run that was killed has left.
    _ = unlink(draft)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw RecordingError.unusable(path, "it cannot be written") }
    var written = 0
    while written < bytes.count {
      let count = bytes[written...].withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count <= 0 { break }
      written += count
    }
    let isClosed = close(descriptor) == 0
    guard written == bytes.count, isClosed, rename(draft, path) == 0 else {
      _ = unlink(draft)
      throw RecordingError.unusable(path, "it cannot be written; is the disk full?")
    }
  }
}

// Inside the type, `read` and `write` mean its own functions.
private func systemRead(_ descriptor: CInt, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}

private func systemWrite(_ descriptor: CInt, _ buffer: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
