import Synchronization
public import TurnoutCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Keeps the vectors of examples in a file, so that starting again embeds nothing twice. What people ask is never kept.
///
/// One file for each encoder. A record is the number of bytes of the text and of numbers in the vector (32 bits each,
/// little-endian), the text, and the numbers. Records are only appended, each in one write, so that commands running at
/// once do not disturb each other; a record that was cut off is passed over from there on and written anew.
public struct CachedEmbeddings: EmbeddingModel {
  public var name: String { model.name }
  public var maxTokens: Int { model.maxTokens }
  private let model: any EmbeddingModel
  private let store: VectorFile

  /// A model with a store.
  /// - Parameters:
  ///   - identity: what tells this encoder's vectors from every other's, its version included.
  ///   - folder: where the file is; made when it is not there.
  public init(_ model: any EmbeddingModel, identity: String, folder: String) {
    self.model = model
    let hash = StableHash(identity.utf8).value
    store = VectorFile(folder: folder, name: "vectors-\(String(hash, radix: 16)).bin")
  }

  public func prepare() async throws { try await model.prepare() }

  public func embed(_ texts: [String], in run: Run) async throws -> [[Float]] { try await model.embed(texts, in: run) }

  public func embedExamples(_ texts: [String], in run: Run) async throws -> [[Float]] {
    var known = store.load()
    let missing = Array(Set(texts.filter { known[$0] == nil })).sorted()
    if !missing.isEmpty {
      let vectors = try await model.embedExamples(missing, in: run)
      guard vectors.count == missing.count else { return try await model.embedExamples(texts, in: run) }
      store.append(zip(missing, vectors))
      for (text, vector) in zip(missing, vectors) { known[text] = vector }
    }
    return texts.map { known[$0] ?? [] }
  }
}

/// The file of vectors. A cache: what cannot be read or written is as if it were not there.
private struct VectorFile: Sendable {
  let folder: String
  let name: String
  private static let sizeLimit = 512 << 20

  private var path: String { "\(folder)/\(name)" }

  func load() -> [String: [Float]] {
    guard let data = FileManager.default.contents(atPath: path), data.count <= Self.sizeLimit else { return [:] }
    return data.withUnsafeBytes { Self.records(in: $0) }
  }

  private static func records(in bytes: UnsafeRawBufferPointer) -> [String: [Float]] {
    var records: [String: [Float]] = [:]
    var position = 0
    while position + 8 <= bytes.count {
      let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
      let dimension = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self)))
      let start = position + 8
      guard length <= 1 << 20, dimension <= 1 << 16, start + length + dimension * 4 <= bytes.count else { break }
      let vector = (0..<dimension).map { index in
        Float(
          bitPattern: UInt32(
            littleEndian: bytes.loadUnaligned(fromByteOffset: start + length + index * 4, as: UInt32.self)))
      }
      if let text = String(validating: bytes[start..<start + length], as: UTF8.self), vector.allSatisfy(\.isFinite) {
        records[text] = vector
      }
      position = start + length + dimension * 4
    }
    return records
  }

  func append(_ records: some Sequence<(String, [Float])>) {
    var bytes: [UInt8] = []
    func write(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
    for (text, vector) in records {
      write(UInt32(text.utf8.count))
      write(UInt32(vector.count))
      bytes.append(contentsOf: text.utf8)
      for number in vector { write(number.bitPattern) }
    }
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    AppendOnlyFile.append(bytes, to: path)
  }
}
