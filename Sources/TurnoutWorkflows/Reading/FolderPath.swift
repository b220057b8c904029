import TurnoutCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Paths inside a workflow's folder.
enum FolderPath {
  /// The full path of a file named in a workflow, symbolic links followed.
  /// - Throws: ``TurnoutError`` when it lies outside the folder.
  static func resolve(_ file: String, in folder: String) throws -> String {
    let root = URL(filePath: folder).resolvingSymlinksInPath()
    let url = URL(
      filePath: file, relativeTo: URL(filePath: root.path(percentEncoded: false), directoryHint: .isDirectory)
    )
    .resolvingSymlinksInPath()
    guard url.pathComponents.starts(with: root.pathComponents) else {
      throw TurnoutError.invalidInput("\"\(file)\" lies outside the workflow's folder")
    }
    return url.path(percentEncoded: false)
  }

  /// Whether there is a file, not a folder, that can be read.
  static func isReadableFile(_ path: String) -> Bool {
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
    return type == .typeRegular && FileManager.default.isReadableFile(atPath: path)
  }

  /// A file in a folder; a name that begins with a slash is one already.
  static func join(_ folder: String, _ file: String) -> String {
    file.hasPrefix("/") ? file : folder.hasSuffix("/") ? folder + file : folder + "/" + file
  }

  /// A file's name without its folder and extension.
  static func stem(_ path: String) -> String { URL(filePath: path).deletingPathExtension().lastPathComponent }

  static func name(_ path: String) -> String { URL(filePath: path).lastPathComponent }

  /// How a file beside another is shown, when that one is shown under a name.
  static func sibling(_ file: String, of shown: String) -> String {
    guard let slash = shown.lastIndex(of: "/") else { return file }
    return shown[...slash] + file
  }
}
