import Synchronization
import TurnoutCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder in which calls of models are written down as they happen, one file of indented JSON for each.
///
/// ```swift
/// let folder = try RecordingFolder("Tests/Recordings")
/// let model = OpenAIChatModel("gpt-4o-mini", at: endpoint).recorded(in: folder)
/// ```
/// A file is named by what was asked and how often that was asked before: the same run writes the same names, on every
/// machine. Keys are taken out: those it is told, and what looks like one. Prompts and answers are what a recording is
/// made of; keep the folder where they may be kept. Only the owner may read the files.
public final class RecordingFolder: Sendable {
  private let path: String
  private let removal: SecretRemoval
  private let asked = Mutex<[String: Int]>([:])

  /// A folder, made when it is not there.
  /// - Parameters:
  ///   - secrets: what else must not be in any file.
  ///   - replacing: whether recordings that are there are removed; else there may be none.
  /// - Throws: ``RecordingError`` when it cannot be written, or has recordings in it.
  public init(_ path: String, secrets: [APIKey] = [], replacing: Bool = false) throws {
    self.path = path
    removal = SecretRemoval(secrets)
    let files = FileManager.default
    do {
      try files.createDirectory(
        atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch { throw RecordingError.unusable(path, "the folder cannot be made") }
    let names = try RecordingFile.names(in: path)
    guard replacing || names.isEmpty else {
      throw RecordingError.unusable(path, "there are recordings in it; name another folder, or remove it first")
    }
    for name in names { try? files.removeItem(atPath: "\(path)/\(name.text)") }
    guard files.isWritableFile(atPath: path) else { throw RecordingError.unusable(path, "it cannot be written") }
  }

  /// What is written of a request, and under which name its call will be.
  func begin(
    _ kind: RecordedCall.Kind, model: String, name: String, traits: Value, request: Value
  ) -> (call: RecordedCall, file: RecordingFile.Name) {
    let call = RecordedCall(kind, model: model, name: name, traits: traits, request: removal.clean(request))
    let fingerprint = call.fingerprint
    let number = asked.withLock { asked in
      asked[fingerprint, default: 0] += 1
      return asked[fingerprint] ?? 1
    }
    return (call, RecordingFile.Name(fingerprint: fingerprint, number: number))
  }

  /// - Throws: ``RecordingError`` when it cannot be written.
  func write(_ call: RecordedCall, to file: RecordingFile.Name) throws {
    var call = call
    switch call.ending {
    case .response(let value): call.ending = .response(removal.clean(value))
    case .error(let value): call.ending = .error(removal.clean(value))
    case .cancelled: break
    }
    if let pieces = call.pieces {
      // A key that is spread over pieces is only seen in the whole.
      let whole = pieces.joined()
      let clean = removal.clean(whole)
      if clean != whole { call.pieces = [clean] }
    }
    try RecordingFile.write(Array(call.text.utf8), to: file, in: path)
  }
}
