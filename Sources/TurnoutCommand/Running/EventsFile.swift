import Foundation
import TurnoutCore

/// Writes events to a file as JSON lines, each as soon as it happens, so that nothing is lost when a run ends badly.
struct EventsFile: RunEventSink {
  private let handle: FileHandle

  /// - Throws: ``UsageError`` when the file cannot be written.
  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]),
      let handle = FileHandle(forWritingAtPath: path)
    else { throw UsageError("\(path): the events file cannot be written") }
    self.handle = handle
  }

  func receive(_ event: RunEvent) async {
    try? handle.write(contentsOf: Data((event.value.json() + "\n").utf8))
  }
}
