import Foundation

/// The processes of this machine at one moment.
struct ProcessTable {
  struct Entry: Sendable, Hashable {
    let process: Int32
    let parent: Int32
    /// A letter; `Z` for one that has ended and was not waited for.
    let state: String
  }

  let entries: [Entry]

  static func now() throws -> ProcessTable {
    #if os(Linux)
      let names = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int32($0) != nil }
      return ProcessTable(entries: names.compactMap(entry))
    #else
      let ps = Process()
      ps.executableURL = URL(fileURLWithPath: "/bin/ps")
      ps.arguments = ["-A", "-o", "pid=,stat=,ppid="]
      let pipe = Pipe()
      ps.standardOutput = pipe
      try ps.run()
      let lines = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(
        separator: "\n")
      return ProcessTable(entries: lines.compactMap { entry($0.split(separator: " ")) })
    #endif
  }

  /// The processes that a process started, and those that they started.
  func below(_ process: Int32) -> [Entry] {
    let children = entries.filter { $0.parent == process }
    return children + children.flatMap { below($0.process) }
  }

  func isAtWork(_ entry: Entry) -> Bool {
    entries.contains { $0.process == entry.process && !$0.state.hasPrefix("Z") }
  }

  #if os(Linux)
    private static func entry(_ name: String) -> Entry? {
      // The program's name in brackets can hold anything; the state and the parent follow the last bracket.
      guard let text = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
        let bracket = text.lastIndex(of: ")")
      else { return nil }
      return entry([name[...]] + text[text.index(after: bracket)...].split(separator: " ").prefix(2))
    }
  #endif

  private static func entry(_ fields: [Substring]) -> Entry? {
    guard fields.count == 3, let process = Int32(fields[0]), let parent = Int32(fields[2]) else { return nil }
    return Entry(process: process, parent: parent, state: String(fields[1]))
  }
}
