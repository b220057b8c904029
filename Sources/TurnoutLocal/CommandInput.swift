import Foundation
import Subprocess

#if canImport(System)
  import System
#else
  import SystemPackage
#endif

/// A command's standard input.
///
/// It is a file without a name, not a pipe: a command that ends without reading would answer a pipe with SIGPIPE, which
/// ends this process unless somebody has seen to it, and one that reads late would hold the writer.
enum CommandInput {
  static func open(_ text: String) throws -> FileDescriptor {
    guard !text.isEmpty else { return try FileDescriptor.open("/dev/null", .readOnly) }
    let folder = FileManager.default.temporaryDirectory.path
    let path = FilePath("\(folder)/turnout-\(UUID().uuidString)")
    let options: FileDescriptor.OpenOptions = [.create, .exclusiveCreate, .closeOnExec]
    let file = try FileDescriptor.open(path, .readWrite, options: options, permissions: .ownerReadWrite)
    do {
      // Nobody else needs to find it, and nobody has to tidy up.
      try FileManager.default.removeItem(atPath: path.string)
      try file.writeAll(text.utf8)
      try file.seek(offset: 0, from: .start)
    } catch {
      try? file.close()
      throw error
    }
    return file
  }
}
