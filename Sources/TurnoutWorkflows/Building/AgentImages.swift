import TurnoutCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The images that an agent of a file is shown: addresses that its provider fetches, and files in the file's folder.
struct AgentImages: Sendable {
  private let templates: [Template]
  private let folder: String

  /// The most bytes of a file.
  private static let sizeLimit = 20 << 20

  private static let types = [
    "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
  ]

  init(_ templates: [Template], folder: String) {
    self.templates = templates
    self.folder = folder
  }

  /// What so many images take at most, for plans.
  static func bound(_ count: Int) -> PromptBound { PromptBound(bytes: count * ImageInput.tokenBound, insertions: 0) }

  /// - Throws: ``TurnoutError`` for a file that is not there, lies outside of the folder, is too large or is no image.
  func load(for input: Value, in run: Run) throws -> [ImageInput] {
    try templates.compactMap { template in
      let name = try template.text(input, in: run)
      if name.isEmpty { return nil }
      if name.hasPrefix("https://") || name.hasPrefix("http://") { return .url(name) }
      let ending = name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() } ?? ""
      guard let type = Self.types[ending] else {
        throw TurnoutError.invalidInput(
          "\"\(name.prefix(100))\" is no image; images end in \(Self.types.keys.sorted().joined(separator: ", "))")
      }
      let path = try FolderPath.resolve(name, in: folder)
      guard FolderPath.isReadableFile(path), let data = FileManager.default.contents(atPath: path) else {
        throw TurnoutError.invalidInput("there is no image \"\(name.prefix(100))\", or it cannot be read")
      }
      guard data.count <= Self.sizeLimit else {
        throw TurnoutError.invalidInput("the image \"\(name.prefix(100))\" is larger than 20 MiB")
      }
      return .data(Array(data), mediaType: type)
    }
  }
}
