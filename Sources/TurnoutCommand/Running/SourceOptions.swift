import ArgumentParser
import Foundation
import TurnoutCore
import TurnoutWorkflows

/// A workflow file and what it is given.
struct SourceOptions: ParsableArguments {
  private static let limit = 64 << 20

  @Argument(help: ArgumentHelp("The workflow file.", valueName: "file"))
  var file: String

  @Argument(help: ArgumentHelp("What it is given; - reads standard input.", valueName: "input"))
  var input: String?

  @Option(help: ArgumentHelp("Read what it is given from a file.", valueName: "file"))
  var inputFile: String?

  /// Whether there is an input.
  var isGiven: Bool { input != nil || inputFile != nil }

  /// The input as a value: text, or JSON where the file declares inputs of its own, which stand in when none is given.
  /// - Throws: ``UsageError`` when there is none or two, ``DataError`` when it cannot be read.
  func input(of workflow: Workflow) throws -> Value {
    guard let text = try text() else {
      guard let inputs = workflow.inputs else {
        throw UsageError("no input: give a text, --input-file FILE, or - for standard input")
      }
      return inputs
    }
    guard !text.allSatisfy(\.isWhitespace) else { throw UsageError("the input is empty") }
    guard let inputs = workflow.inputs, inputs.string == nil else { return .string(text) }
    do { return try Value(json: text) } catch {
      throw DataError("the input must be JSON like the file's own inputs: \(RunFailure(error).message)")
    }
  }

  private func text() throws -> String? {
    if input != nil, inputFile != nil { throw UsageError("give the input once: as an argument or with --input-file") }
    if let inputFile { return try Self.read(FileHandle(forReadingAtPath: inputFile), inputFile) }
    guard let input else { return nil }
    return input == "-" ? try Self.read(.standardInput, "standard input") : input
  }

  private static func read(_ handle: FileHandle?, _ name: String) throws -> String {
    guard let handle else { throw DataError("\(name): there is no such file, or it cannot be read") }
    var data = Data()
    do {
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
        data.append(piece)
        if data.count > limit { throw DataError("\(name): the input is larger than 64 MiB") }
      }
    } catch let error as DataError {
      throw error
    } catch {
      throw DataError("\(name): it cannot be read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw DataError("\(name): the input is not valid UTF-8")
    }
    return text
  }
}

/// The command was called in a way it cannot be.
struct UsageError: LabelledError {
  let label = "usage"
  let description: String
  init(_ description: String) { self.description = description }
}

/// What the command was given cannot be used.
struct DataError: LabelledError {
  let label = "invalid_input"
  let description: String
  init(_ description: String) { self.description = description }
}
