import TurnoutEvaluation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// The folder of labelled sets, which are no part of this project.
struct DataFolder {
  let path: String

  static let missing =
    "TURNOUT_DATA names no folder: put train.jsonl and valid.jsonl of clinc/oos-eval (clinc150), PolyAI's BANKING77 "
    + "(banking77), NLU-Evaluation-Data (hwu64), HINT3 v2 (hint3-curekart), mainlp/xsid 0.7 (xsid-en, xsid-zh) and "
    + "semantic-router's health plan (healthcare) into folders of these names, one {\"input\", \"route\"} a line"

  /// The folder that the environment names.
  static func standard() -> DataFolder? {
    guard let name = getenv("TURNOUT_DATA").map({ String(cString: $0) }), !name.isEmpty, access(name, R_OK) == 0
    else { return nil }
    return DataFolder(path: name)
  }

  func has(_ file: String) -> Bool { access("\(path)/\(file)", R_OK) == 0 }

  func requests(_ file: String) throws -> [LabelledRequest] {
    try LabelledRequests(contentsOf: "\(path)/\(file)", allowConflicts: true).requests
  }

  /// A set with requests to fit on and requests to score.
  func set(_ part: Part) throws -> DataSet {
    DataSet(
      name: part.rawValue, train: try requests("\(part.rawValue)/train.jsonl"),
      valid: try requests("\(part.rawValue)/valid.jsonl"))
  }

  /// The same requests in two languages: those whose English text is there for the first time.
  func pairs() throws -> [(english: LabelledRequest, chinese: LabelledRequest)] {
    let english = try lines("xsid-en/valid.jsonl")
    let chinese = try lines("xsid-zh/valid.jsonl")
    var seen: Set<String> = []
    return zip(english, chinese).filter { seen.insert($0.0.input).inserted }
  }

  /// Every line, also what is there twice: the lines of two files belong together.
  private func lines(_ file: String) throws -> [LabelledRequest] {
    let kept = try requests(file)
    let byInput = Dictionary(kept.map { ($0.input, $0) }, uniquingKeysWith: { first, _ in first })
    let byLine = Dictionary(kept.map { ($0.line, $0) }, uniquingKeysWith: { first, _ in first })
    guard let stream = fopen("\(path)/\(file)", "r") else { return kept }
    defer { fclose(stream) }
    var buffer: UnsafeMutablePointer<CChar>?
    var size = 0
    defer { free(buffer) }
    var all: [LabelledRequest] = []
    while true {
      let count = getline(&buffer, &size, stream)
      guard count > 0, let buffer else { return all }
      let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
      if let request = byLine[all.count + 1] {
        all.append(request)
      } else if let one = try LabelledRequests(Array(bytes), name: file).requests.first {
        all.append(byInput[one.input] ?? one)
      }
    }
  }
}

/// A labelled set.
struct DataSet {
  let name: String
  let train: [LabelledRequest]
  let valid: [LabelledRequest]

  /// The routes, by name.
  var routes: [String] { Set(train.compactMap(\.route)).sorted() }
  /// The requests to fit on that belong to no route.
  var strangers: [LabelledRequest] { train.filter { $0.route == nil } }
}
