import ArgumentParser
import Foundation
import TurnoutCore

/// `turnout init [TEMPLATE]`.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Writes a commented workflow file to start from.")

  /// What there is to start from.
  enum Template: String, ExpressibleByArgument, CaseIterable {
    case support, map, split

    var text: [UInt8] {
      switch self {
      case .support: PackageResources.support_yaml
      case .map: PackageResources.map_yaml
      case .split: PackageResources.split_yaml
      }
    }
  }

  @Argument(help: "support: a router; map: one task over many inputs; split: a document in sections.")
  var template: Template = .support

  @Option(name: .shortAndLong, help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String?

  func run() async throws {
    let path = output ?? "\(template.rawValue).yaml"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      let reason =
        errno == EEXIST ? "it is already there; name another with --output" : String(cString: strerror(errno))
      Output.fail(UsageError("\(path) was not written: \(reason)"), json: false)
    }
    let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    try handle.write(contentsOf: Data(template.text))
    Output.note("wrote \(path); next: turnout check \(path), then turnout run \(path)")
  }
}
