public import TurnoutCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Value {
  /// Reads a YAML file as a value.
  /// - Throws: ``WorkflowError`` with the place of what is not YAML.
  public init(yamlFile path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw WorkflowError(file: path, "there is no such file, or it cannot be read")
    }
    let log = DiagnosticLog(file: path)
    let text = try YAMLSource.text(data, file: path)
    let value = NodeReader(node: try YAMLSource.compose(text, file: path), log: log).value()
    guard let value, log.diagnostics.isEmpty else { throw WorkflowError(log.diagnostics) }
    self = value
  }
}
