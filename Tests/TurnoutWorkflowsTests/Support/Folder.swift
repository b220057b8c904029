import Foundation
import TestSupport
import TurnoutWorkflows

/// A folder of files for one test; removed when the test lets go of it.
final class Folder: Sendable {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    let name = "turnout-workflows-\(UUID().uuidString)"
    path = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appendingPathComponent(name).path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    for (name, text) in files { try write(name, Data(text.utf8)) }
  }

  deinit { Remains.keep(at: path) }

  func write(_ name: String, _ data: Data) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: url)
  }

  func workflow(_ name: String = "flow.yaml") throws -> Workflow {
    try Workflow(contentsOf: "\(path)/\(name)", shownAs: name)
  }

  /// What is wrong with a file, one line each.
  func complaints(about name: String = "flow.yaml") -> [String] {
    do { _ = try workflow(name) } catch let error as WorkflowError {
      return error.diagnostics.map(\.description)
    } catch { return ["another error than a workflow's: \(error)"] }
    return []
  }
}

/// What is wrong with a file of this text, one line each, without the file's name.
func complaints(_ text: String) throws -> [String] {
  try Folder(["flow.yaml": text]).complaints().map { line in
    line.hasPrefix("flow.yaml:") ? String(line.dropFirst("flow.yaml:".count)) : line
  }
}

/// The folder of the package these tests belong to.
let packageFolder: String = {
  var url = URL(fileURLWithPath: #filePath)
  for _ in 0..<4 { url.deleteLastPathComponent() }
  return url.path
}()

/// The example files that are workflows.
let exampleFiles: [String] = {
  let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(packageFolder)/Examples")) ?? []
  return names.filter { $0.hasSuffix(".yaml") }.sorted()
}()
