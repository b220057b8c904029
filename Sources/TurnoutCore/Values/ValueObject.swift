/// The members of a JSON object, in the order in which they were written.
///
/// Look-ups scan while there are few members and use an index when there are many, so that neither small objects pay
/// for hashing nor large ones for scanning.
public struct ValueObject: Sendable {
  private var members: [(key: String, value: Value)] = []
  private var index: [String: Int]?
  private static let scanned = 12

  /// An object without members.
  public init() {}

  /// An object from members; of two with the same key the later wins.
  public init(_ members: some Sequence<(String, Value)>) {
    for (key, value) in members { self[key] = value }
  }

  /// The value of a member; setting nil removes it.
  public subscript(key: String) -> Value? {
    get { position(of: key).map { members[$0].value } }
    set {
      switch (position(of: key), newValue) {
      case (let position?, let value?): members[position].value = value
      case (let position?, nil):
        members.remove(at: position)
        index = nil
        reindex()
      case (nil, let value?):
        members.append((key, value))
        if index != nil { index?[key] = members.count - 1 } else { reindex() }
      case (nil, nil): break
      }
    }
  }

  /// The keys, in order.
  public var keys: [String] { members.map(\.key) }

  private func position(of key: String) -> Int? {
    if let index { return index[key] }
    return members.firstIndex { $0.key == key }
  }

  private mutating func reindex() {
    guard members.count > Self.scanned else { return }
    index = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1.key, $0) })
  }
}

extension ValueObject: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { members.count }
  public subscript(position: Int) -> (key: String, value: Value) { members[position] }
}

extension ValueObject: Hashable {
  /// Two objects are equal when they have equal members, in whatever order.
  public static func == (left: ValueObject, right: ValueObject) -> Bool {
    left.count == right.count && left.allSatisfy { right[$0.key] == $0.value }
  }

  public func hash(into hasher: inout Hasher) {
    // Order must not matter, so the members' hashes are combined by a commutative operation.
    var combined = 0
    for (key, value) in members {
      var member = Hasher()
      member.combine(key)
      member.combine(value)
      combined ^= member.finalize()
    }
    hasher.combine(combined)
  }
}
