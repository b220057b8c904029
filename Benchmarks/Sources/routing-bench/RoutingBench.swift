import TurnoutCore
import TurnoutEvaluation

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Measures how well requests are routed, on labelled requests of others and beside plain rules in the same run.
@main
enum RoutingBench {
  static let usage = """
    usage: routing-bench [--seeds N] [--only PART]… [--json]

      --seeds N    draw the examples N times, where they are drawn (10)
      --only PART  only this; may be given several times: \(Part.allCases.map(\.rawValue).joined(separator: ", "))
      --json       print one JSON object instead of the tables

    Labelled requests are read from the folder that TURNOUT_DATA names.
    """

  static func main() async {
    guard let options = Options(Array(CommandLine.arguments.dropFirst())) else {
      print(usage)
      exit(64)
    }
    guard let data = DataFolder.standard() else {
      Progress.say(DataFolder.missing)
      exit(64)
    }
    do { try await measure(options, data) } catch {
      Progress.say("error: \(error)")
      exit(1)
    }
  }

  private static func measure(_ options: Options, _ data: DataFolder) async throws {
    let parts = options.parts.filter { part in
      let missing = part.files.filter { !data.has($0) }
      if !missing.isEmpty { Progress.say("\(part.rawValue): skipped, \(data.path) has no \(missing[0])") }
      return missing.isEmpty
    }
    var bench = try await Bench(data, seeds: options.seeds, parts: parts)
    var sections: [Section] = []
    for part in parts {
      for section in try await bench.sections(of: part) {
        sections.append(section)
        if !options.json {
          print(section.text)
          fflush(nil)
        }
      }
    }
    await bench.end()
    if options.json {
      let object: Value = ["seeds": .int(options.seeds), "sections": .array(sections.map(\.value))]
      print(object.json(pretty: true))
    }
  }
}

/// What the command line says.
struct Options {
  var seeds = 10
  var json = false
  var parts: [Part] = []

  init?(_ arguments: [String]) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      switch argument {
      case "--json": json = true
      case "--seeds":
        guard let number = rest.popFirst().flatMap({ Int($0) }), (1...1_000).contains(number) else { return nil }
        seeds = number
      case "--only":
        guard let part = rest.popFirst().flatMap({ Part(rawValue: $0) }) else { return nil }
        parts.append(part)
      default: return nil
      }
    }
    if parts.isEmpty { parts = Part.allCases }
  }
}

/// What is measured: a labelled set, or how long a decision takes.
enum Part: String, CaseIterable {
  case banking77, clinc150, hwu64
  case curekart = "hint3-curekart"
  case xsid, healthcare, speed

  /// The files it reads, in the folder of all sets.
  var files: [String] {
    switch self {
    case .xsid: ["xsid-en/valid.jsonl", "xsid-zh/valid.jsonl"]
    case .speed: Part.clinc150.files
    default: ["\(rawValue)/train.jsonl", "\(rawValue)/valid.jsonl"]
    }
  }
}
