import Foundation
import Testing
import TurnoutCore
import TurnoutEvaluation

@Suite struct DecisionLogTests {
  let decision = decided(
    "a", confidence: 1 / 3, scores: [RouteScore("a", 1 / 3), RouteScore("b", 1e-7)], isSure: false, took: 7,
    usage: Usage(calls: 1, inputTokens: 9))

  @Test func whatWasKeptIsThereAgainWithAllDecimals() async throws {
    try await withPath { path in
      do {
        let log = try DecisionLog(path: path, fingerprint: "one")
        #expect(log.count == 0 && log.decision(for: "x") == nil)
        try log.append(decision, for: "x \"\n请")
        try log.append(RouteDecision(.none, by: "rules"), for: "y")
        #expect(log.count == 2)
      }
      let again = try DecisionLog(path: path, fingerprint: "one")
      #expect(again.decision(for: "x \"\n请") == decision)
      #expect(again.decision(for: "y") == RouteDecision(.none, by: "rules"))
      let lines = try read(path).split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines.first == #"{"turnout_decisions":1,"fingerprint":"one"}"#)
      #expect(try Value(json: String(lines[1])).object?.keys == ["input", "decision", "duration_ms", "usage"])
    }
  }

  @Test func onlyItsOwnerReadsTheFile() async throws {
    try await withPath { path in
      _ = try DecisionLog(path: path, fingerprint: "one")
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
      #expect(mode?.intValue == 0o600)
    }
  }

  @Test func anotherFingerprintIsAnError() async throws {
    try await withPath { path in
      do { try DecisionLog(path: path, fingerprint: "one").append(decision, for: "x") }
      let before = try read(path)
      let error = try #require(throws: EvaluationError.self) { try DecisionLog(path: path, fingerprint: "two") }
      #expect(error.label == "other_run")
      #expect(error.description.hasPrefix("\(path): its decisions were made with other routes"))
      #expect(error.description.contains("delete it or choose another --record file"))
      #expect(try read(path) == before)
    }
  }

  @Test func whereverACrashCutsTheFileTheRestIsKept() async throws {
    try await withPath { path in
      do {
        let log = try DecisionLog(path: path, fingerprint: "one")
        for name in ["x", "y"] { try log.append(decision, for: name) }
      }
      let whole = Array(try read(path).utf8)
      let ends = whole.indices.filter { whole[$0] == 0x0A }
      for cut in 0..<whole.count {
        try Data(whole[..<cut]).write(to: URL(filePath: path))
        do {
          let log = try DecisionLog(path: path, fingerprint: "one")
          #expect(log.count == max(0, ends.count { $0 < cut } - 1), "cut at \(cut)")
          for name in ["x", "y"] where log.decision(for: name) == nil { try log.append(decision, for: name) }
        }
        #expect(try Array(read(path).utf8) == whole, "cut at \(cut)")
      }
    }
  }

  @Test(arguments: [
    "hello\n", "hello", "{}\n", "\n", "[1]\n", #"{"turnout_decisions":"1","fingerprint":"one"}"# + "\n",
    String(repeating: "x", count: 5 << 20),
  ]) func anotherFileIsLeftAlone(text: String) async throws {
    try await withPath { path in
      try write(text, to: path)
      let error = try #require(throws: EvaluationError.self) { try DecisionLog(path: path, fingerprint: "one") }
      #expect(error.description == "\(path): it is no file of decisions; choose another --record file")
      #expect(try read(path) == text)
    }
  }

  @Test func aBrokenLineInTheMiddleIsNamed() async throws {
    try await withPath { path in
      do { try DecisionLog(path: path, fingerprint: "one").append(decision, for: "x") }
      let text = try read(path)
      for broken in ["nonsense", "", #"{"input":"x"}"#, "{\"input\":\"x\",\"decision\":{\"kind\":\"route\"}}"] {
        try write(text + broken + "\n" + text, to: path)
        let error = try #require(throws: EvaluationError.self) { try DecisionLog(path: path, fingerprint: "one") }
        #expect(error.description.hasPrefix("\(path):3: "), "\(error)")
        #expect(error.label == "recording")
      }
      try write(#"{"turnout_decisions":9,"fingerprint":"one"}"# + "\n", to: path)
      let error = try #require(throws: EvaluationError.self) { try DecisionLog(path: path, fingerprint: "one") }
      #expect(error.description.contains("version 9 and only 1"))
    }
  }

  @Test func oneAtATimeHasTheFile() async throws {
    try await withPath { path in
      let log = try DecisionLog(path: path, fingerprint: "one")
      let error = try #require(throws: EvaluationError.self) { try DecisionLog(path: path, fingerprint: "one") }
      #expect(error.description.contains("another run is writing it"))
      try log.append(decision, for: "x")
    }
  }

  @Test func aPathThatCannotBeWrittenIsNamed() throws {
    let error = try #require(throws: EvaluationError.self) {
      try DecisionLog(path: "/no/folder/file", fingerprint: "one")
    }
    #expect(error.description.hasPrefix("/no/folder/file: it cannot be opened for writing"))
  }

  @Test func whatCouldNotBeReadAgainIsNotWritten() async throws {
    try await withPath { path in
      let log = try DecisionLog(path: path, fingerprint: "one")
      let before = try read(path)
      #expect(throws: EvaluationError.self) { try log.append(RouteDecision(.route, by: "odd"), for: "x") }
      #expect(throws: EvaluationError.self) {
        try log.append(RouteDecision(.none, by: "odd", confidence: .nan), for: "x")
      }
      #expect(throws: EvaluationError.self) { try log.append(decision, for: String(repeating: "x", count: 5 << 20)) }
      #expect(log.count == 0)
      #expect(try read(path) == before)
    }
  }

  @Test func manyWriteAtOnce() async throws {
    try await withPath { path in
      do {
        let log = try DecisionLog(path: path, fingerprint: "one")
        try await withThrowingTaskGroup(of: Void.self) { group in
          for number in 0..<200 { group.addTask { try log.append(decision, for: "request \(number)") } }
          try await group.waitForAll()
        }
      }
      #expect(try DecisionLog(path: path, fingerprint: "one").count == 200)
    }
  }
}
