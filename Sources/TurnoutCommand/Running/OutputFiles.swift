import Foundation

/// The files that a command reads, which none of those it writes may be.
struct OutputFiles {
  private let inputs: Set<String>

  init(reading files: [String?]) { inputs = Set(files.compactMap { $0 }.map(Self.place)) }

  /// - Throws: ``UsageError`` when an option names a file that is read, or the same file as another option;
  ///   ``DataError`` when its folder cannot be written.
  func check(_ options: [String: String?]) throws {
    var taken: [String: String] = [:]
    for (option, path) in options.compactMapValues({ $0 }).sorted(by: { $0.key < $1.key }) {
      let place = Self.place(path)
      if inputs.contains(place), option != "--output" || !path.hasSuffix(".fit.json") {
        throw UsageError("\(option) \(path) would write over a file that is read")
      }
      if let other = taken.updateValue(option, forKey: place) {
        throw UsageError("\(other) and \(option) name the same file")
      }
      let folder = URL(filePath: place).deletingLastPathComponent().path
      guard FileManager.default.isWritableFile(atPath: folder) else {
        throw DataError("\(path): it cannot be written; is there such a folder?")
      }
    }
  }

  private static func place(_ path: String) -> String {
    URL(filePath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }
}
