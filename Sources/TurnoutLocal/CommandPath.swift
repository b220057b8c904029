import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Which program a command's first word means.
enum CommandPath: Equatable {
  /// One with this absolute path.
  case file(String)
  /// One to look up on the search path.
  case name(String)

  /// A word without a slash is a name; a relative path belongs to `folder` and must stay in it, also where links lead.
  init(_ word: String, in folder: String) throws {
    guard !word.isEmpty, !word.utf8.contains(0) else { throw CommandError.notFound(word) }
    guard word.contains("/") else {
      self = .name(word)
      return
    }
    if word.hasPrefix("/") {
      guard isProgram(word) else { throw CommandError.notFound(word) }
      self = .file(word)
      return
    }
    guard let base = resolved(folder), let path = resolved("\(folder)/\(word)") else {
      throw CommandError.notFound(word)
    }
    guard path != base else { throw CommandError.notFound(word) }
    guard path.hasPrefix(base == "/" ? base : base + "/") else { throw CommandError.outsideFolder(word, folder) }
    guard isProgram(path) else { throw CommandError.notFound(word) }
    self = .file(path)
  }
}

/// The path without links and dots, or `nil` when there is nothing.
private func resolved(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(validatingCString: resolved)
}

private func isProgram(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { return false }
  return FileManager.default.isExecutableFile(atPath: path)
}
