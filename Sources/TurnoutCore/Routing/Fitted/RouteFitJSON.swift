extension RouteFit: ValueConvertible {
  /// The format's version; others are refused.
  static let version = 2

  /// The fit as JSON. Numbers of the head stand in Base64: 32-bit floats, little-endian, or 16-bit whole numbers with a
  /// scale for each row.
  public var value: Value {
    let expected: ValueObject = [
      "accuracy": .double(expectation.accuracy),
      "interval": [
        .double(expectation.interval.lowerBound), .double(expectation.interval.upperBound),
      ],
      "caught": expectation.caught.map { .double($0) } ?? .null,
    ]
    let scale: ValueObject = [
      "temperature": .double(Double(scale.temperature)), "none": .double(Double(scale.bar)),
      "slope": .double(Double(scale.slope)), "sure": .double(bar),
    ]
    let numbers: ValueObject = [
      "centroid_weight": .double(Double(head.centroidWeight)), "mean": .string(PackedNumbers.floats(head.mean)),
      "removed": PackedNumbers.matrix(head.removed), "directions": PackedNumbers.matrix(head.directions),
      "weights": PackedNumbers.matrix(head.weights),
      "centroids": PackedNumbers.matrix(head.centroids), "names": PackedNumbers.matrix(head.names),
      "strangers": PackedNumbers.matrix(head.strangers),
      "words": .string(PackedNumbers.base64(head.words.hashes.flatMap(PackedNumbers.bytes))),
      "rarities": .string(PackedNumbers.floats(head.words.rarities)),
      "word_weights": PackedNumbers.matrix(VectorMatrix(values: head.words.weights, dimension: head.words.routes)),
    ]
    return .object([
      "turnout_fit": .int(Self.version), "encoder": .string(encoder), "dimension": .int(dimension),
      "examples": .string(examples),
      "requests": [
        "in_scope": .int(size.inScope), "out_of_scope": .int(size.outOfScope), "unlabelled": .int(size.unlabelled),
      ],
      "expected": .object(expected), "bars": .object(scale), "routes": .array(routes.map { .string($0) }),
      "head": .object(numbers),
    ])
  }

  /// Reads a fit.
  /// - Throws: ``TurnoutError`` when it is none, of another version, or its parts do not fit together.
  public init(value: Value) throws {
    func broken(_ what: String) -> TurnoutError { .invalidInput("this is no fitted routing: \(what)") }
    guard let version = value["turnout_fit"]?.int else { throw broken("the key \"turnout_fit\" is missing") }
    guard version == Self.version else { throw broken("its version is \(version), this program reads \(Self.version)") }
    func read<T>(_ path: [String], _ convert: (Value) -> T?) throws -> T {
      var place: Value? = value
      for key in path { place = place?[key] }
      guard let found = place.flatMap(convert) else {
        throw broken("\(path.joined(separator: ".")) is missing or no such thing")
      }
      return found
    }
    func number(_ path: String...) throws -> Double {
      let number = try read(path) { $0.double }
      guard Float(number).isFinite else { throw broken("\(path.joined(separator: ".")) is no number") }
      return number
    }
    func share(_ path: String...) throws -> Double {
      let number = try read(path) { $0.double }
      guard (0...1).contains(number) else { throw broken("\(path.joined(separator: ".")) is no share from 0 to 1") }
      return number
    }
    func count(_ path: String...) throws -> Int {
      let number = try read(path) { $0.int }
      guard number >= 0 else { throw broken("\(path.joined(separator: ".")) is less than none") }
      return number
    }
    let routes = try read(["routes"]) { Self.all($0, \.string) }
    let dimension = try read(["dimension"]) { $0.int }
    guard (1...65_536).contains(dimension), !routes.isEmpty, Set(routes).count == routes.count else {
      throw broken("its routes or its dimension make no sense")
    }
    func matrix(_ name: String, rows: Int? = nil, columns: Int) throws -> VectorMatrix {
      let matrix = try read(["head", name]) { PackedNumbers.matrix($0, columns: columns) }
      if let rows, matrix.count != rows { throw broken("head.\(name) has \(matrix.count) rows, not \(rows)") }
      return matrix
    }
    let mean = try read(["head", "mean"]) { $0.string.flatMap(PackedNumbers.floats) }
    let words = try read(["head", "words"]) { $0.string.flatMap(PackedNumbers.words) }
    let rarities = try read(["head", "rarities"]) { $0.string.flatMap(PackedNumbers.floats) }
    guard mean.count == dimension, rarities.count == words.count else { throw broken("its parts are of other lengths") }
    let directions = try matrix("directions", columns: dimension)
    guard directions.count <= dimension else { throw broken("head.directions has more rows than columns") }
    let head = RouteHead(
      mean: mean, removed: try matrix("removed", columns: dimension), directions: directions,
      weights: try matrix(
        "weights", rows: routes.count, columns: dimension + RouteHead.productCount(directions.count)),
      centroids: try matrix("centroids", rows: routes.count, columns: dimension),
      names: try matrix("names", rows: routes.count, columns: dimension),
      strangers: try matrix("strangers", columns: dimension),
      words: WordWeights(
        hashes: words, rarities: rarities,
        weights: try matrix("word_weights", rows: words.count, columns: routes.count).values, routes: routes.count),
      centroidWeight: Float(try number("head", "centroid_weight")))
    let interval = try read(["expected", "interval"]) { Self.all($0, \.double) }
    let (temperature, slope) = (Float(try number("bars", "temperature")), Float(try number("bars", "slope")))
    guard interval.count == 2, 0 <= interval[0], interval[0] <= interval[1], interval[1] <= 1 else {
      throw broken("expected.interval is none")
    }
    guard temperature > 0, slope > 0 else {
      throw broken("its figures make no sense")
    }
    self.init(
      encoder: try read(["encoder"]) { $0.string }, dimension: dimension, routes: routes,
      examples: try read(["examples"]) { $0.string },
      size: Size(
        inScope: try count("requests", "in_scope"), outOfScope: try count("requests", "out_of_scope"),
        // Files of before have none.
        unlabelled: value["requests"]?["unlabelled"] == nil ? 0 : try count("requests", "unlabelled")),
      expectation: Expectation(
        accuracy: try share("expected", "accuracy"), interval: interval[0]...interval[1],
        caught: value["expected"]?["caught"]?.isNull == true ? nil : try share("expected", "caught")),
      head: head,
      scale: RouteScale(temperature: temperature, bar: Float(try number("bars", "none")), slope: slope),
      bar: try number("bars", "sure"))
  }

  /// Every item of an array, or nil when one is something else.
  private static func all<T>(_ value: Value, _ convert: (Value) -> T?) -> [T]? {
    guard let items = value.array else { return nil }
    let converted = items.compactMap(convert)
    return converted.count == items.count ? converted : nil
  }
}

/// Numbers in Base64 (RFC 4648).
enum PackedNumbers {
  static func floats(_ numbers: [Float]) -> String { base64(numbers.flatMap { bytes($0.bitPattern) }) }

  static func floats(_ text: String) -> [Float]? {
    guard let bytes = bytes(text), bytes.count % 4 == 0 else { return nil }
    let numbers = Swift.stride(from: 0, to: bytes.count, by: 4).map {
      Float(bitPattern: number(bytes, $0, UInt32.self))
    }
    return numbers.allSatisfy(\.isFinite) ? numbers : nil
  }

  static func words(_ text: String) -> [UInt64]? {
    guard let bytes = bytes(text), bytes.count % 8 == 0 else { return nil }
    return Swift.stride(from: 0, to: bytes.count, by: 8).map { number(bytes, $0, UInt64.self) }
  }

  /// A matrix, each row as whole numbers from -32,767 with a scale of its own.
  static func matrix(_ matrix: VectorMatrix) -> Value {
    var scales: [Float] = []
    var packed: [UInt8] = []
    packed.reserveCapacity(matrix.values.count * 2)
    for row in matrix.rows {
      let scale = (row.map(abs).max() ?? 0) / 32_767
      scales.append(scale)
      for number in row {
        let whole = Int16(exactly: min(max((number / scale).rounded(), -32_767), 32_767)) ?? 0
        packed += bytes(UInt16(bitPattern: whole))
      }
    }
    return ["scales": .string(floats(scales)), "rows": .string(base64(packed))]
  }

  static func matrix(_ value: Value, columns: Int) -> VectorMatrix? {
    guard let scales = value["scales"]?.string.flatMap(floats), let bytes = value["rows"]?.string.flatMap(bytes),
      bytes.count == scales.count * columns * 2
    else { return nil }
    let numbers = (0..<scales.count * columns).map { place in
      scales[place / columns] * Float(Int16(bitPattern: number(bytes, place * 2, UInt16.self)))
    }
    guard numbers.allSatisfy(\.isFinite) else { return nil }
    return VectorMatrix(values: numbers, dimension: columns)
  }

  static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian) { Array($0) }
  }

  private static func number<N: FixedWidthInteger>(_ bytes: [UInt8], _ place: Int, _ type: N.Type) -> N {
    bytes.withUnsafeBytes { N(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: N.self)) }
  }

  private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  static func base64(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in Swift.stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group: UInt32 = 0
      for place in 0..<3 { group = group << 8 | (place < count ? UInt32(bytes[start + place]) : 0) }
      for place in 0..<4 {
        text.append(place <= count ? letters[Int(group >> (18 - 6 * UInt32(place)) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  static func bytes(_ text: String) -> [UInt8]? {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, letter) in letters.enumerated() { values[Int(letter)] = UInt8(value) }
    let utf8 = Array(text.utf8)
    guard utf8.count % 4 == 0 else { return nil }
    let padding = utf8.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding <= 2 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(utf8.count / 4 * 3)
    for start in Swift.stride(from: 0, to: utf8.count, by: 4) {
      var group: UInt32 = 0
      for place in start..<start + 4 {
        let value = place >= utf8.count - padding ? 0 : values[Int(utf8[place])]
        guard value < 64 else { return nil }
        group = group << 6 | UInt32(value)
      }
      for shift in [16, 8, 0] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: group >> shift)) }
    }
    bytes.removeLast(min(padding, bytes.count))
    return bytes
  }
}
