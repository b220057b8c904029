#if canImport(FoundationEssentials)
  public import FoundationEssentials
#else
  public import Foundation
#endif

/// What a run of the tests leaves: everything that was printed, written and thrown while the key of the tests was in
/// use. `Scripts/test.sh` looks for that key in it afterwards.
public enum Remains {
  /// The key that is given wherever a test needs one; nothing may tell it.
  public static let key = "sk-canary-5f1c0a7e9b3d"

  /// Where it is kept; without the variable nothing is.
  private static let folder = ProcessInfo.processInfo.environment["TURNOUT_TEST_REMAINS"]

  /// Keeps a text.
  public static func keep(_ text: String, from source: String) {
    guard let folder else { return }
    let path = "\(folder)/\(source)-\(UUID().uuidString).txt"
    try? Data(text.utf8).write(to: URL(filePath: path))
  }

  /// Keeps a folder or file that would be removed.
  public static func keep(at path: String) {
    let manager = FileManager.default
    guard manager.fileExists(atPath: path) else { return }
    let name = path.split(separator: "/").last ?? "remains"
    if let folder, (try? manager.moveItem(atPath: path, toPath: "\(folder)/\(name)")) != nil { return }
    try? manager.removeItem(atPath: path)
  }
}
