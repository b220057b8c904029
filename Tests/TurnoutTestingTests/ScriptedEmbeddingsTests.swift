import Testing
import TurnoutCore
import TurnoutTesting

@Suite struct ScriptedEmbeddingsTests {
  private func similarity(_ left: [Float], _ right: [Float]) -> Float {
    func length(_ vector: [Float]) -> Float { vector.map { $0 * $0 }.reduce(0, +).squareRoot() }
    return zip(left, right).map(*).reduce(0, +) / max(length(left) * length(right), .leastNormalMagnitude)
  }

  @Test func givesVectorsByText() async throws {
    let model = ScriptedEmbeddings(["a": [1, 0], "b": [0, 1]])
    #expect(try await model.embed(["b", "a"], in: Run()) == [[0, 1], [1, 0]])
    #expect(try await model.embed(["other"], in: Run())[0].count == 2)
    #expect(model.requests == [["b", "a"], ["other"]])
  }

  @Test func textsThatShareWordsAreNear() async throws {
    let model = ScriptedEmbeddings()
    let vectors = try await model.embed(
      ["What does the phone cost?", "what does this phone cost", "my dog eats grass"], in: Run())
    #expect(vectors.allSatisfy { $0.count == 64 })
    #expect(similarity(vectors[0], vectors[1]) > 0.7)
    #expect(similarity(vectors[0], vectors[1]) > similarity(vectors[0], vectors[2]) + 0.3)
  }

  @Test func areTheSameInEveryRun() async throws {
    let vector = try await ScriptedEmbeddings(dimension: 4).embed(["one two two"], in: Run())[0]
    #expect(vector.reduce(0, +) == 3)
    #expect(try await ScriptedEmbeddings(dimension: 4).embed(["TWO, one; two!"], in: Run())[0] == vector)
    #expect(try await ScriptedEmbeddings(dimension: 4).embed([""], in: Run())[0] == [0, 0, 0, 0])
  }

  @Test func countsTexts() async throws {
    let run = Run()
    _ = try await ScriptedEmbeddings().embed(["a", "b", "c"], in: run)
    #expect(run.usage == Usage(embeddings: 3))
  }
}
