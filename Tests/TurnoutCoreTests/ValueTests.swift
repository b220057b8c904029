import Testing
import TurnoutCore

@Suite struct ValueTests {
  @Test func literalsMakeValues() {
    let value: Value = ["name": "Aurora", "prices": [499, 5.5], "sold": true, "note": nil]
    #expect(value["name"]?.string == "Aurora")
    #expect(value["prices"]?[0]?.int == 499)
    #expect(value["prices"]?[1]?.double == 5.5)
    #expect(value["sold"]?.bool == true)
    #expect(value["note"]?.isNull == true)
  }

  @Test func whatIsNotThereIsNil() {
    let value: Value = ["list": [1]]
    #expect(value["other"] == nil)
    #expect(value["list"]?[1] == nil)
    #expect(value["list"]?[-1] == nil)
    #expect(value[0] == nil)
    #expect(Value.string("a")["a"] == nil)
  }

  @Test func kindsAreNotMixedUp() {
    #expect(Value("5").int == nil)
    #expect(Value(true).int == nil)
    #expect(Value(1).bool == nil)
    #expect(Value(1).double == 1)
    #expect(Value.double(3).int == 3)
    #expect(Value.double(3.5).int == nil)
    #expect(Value.double(1e300).int == nil)
    #expect(Value.null.string == nil)
  }

  @Test func kindsHaveWords() {
    let values: [Value] = [nil, true, 1, 1.5, "a", [], [:]]
    let words = ["null", "a boolean", "an integer", "a number", "a string", "an array", "an object"]
    #expect(values.map(\.kindDescription) == words)
  }

  @Test func durationsAreMilliseconds() {
    #expect(Duration.milliseconds(1_500).value == 1_500.0)
    #expect(Duration.nanoseconds(1_234_567).value == 1.2346)
    #expect(Duration.seconds(2).inSeconds == 2)
    #expect(Duration.zero.value.json() == "0")
  }

  @Test func listsAndOptionalsAreValues() {
    #expect([1, 2].value == [1, 2])
    #expect(Int?.none.value == .null)
    #expect(Int?.some(3).value == 3)
    #expect([["a"], []].value == [["a"], []])
  }
}

@Suite struct ValueObjectTests {
  /// Objects switch from scanning to an index as they grow; both sides of that are walked through.
  @Test(arguments: [0, 1, 11, 12, 13, 14, 500]) func keepsOrderAndFindsMembers(count: Int) {
    var object = ValueObject((0..<count).map { ("key\($0)", Value.int($0)) })
    #expect(object.count == count)
    #expect(object.keys == (0..<count).map { "key\($0)" })
    #expect((0..<count).allSatisfy { object["key\($0)"] == .int($0) })
    #expect(object["key\(count)"] == nil)
    for index in stride(from: 0, to: count, by: 2) { object["key\(index)"] = nil }
    #expect(object.keys == stride(from: 1, to: count, by: 2).map { "key\($0)" })
    #expect((0..<count).allSatisfy { object["key\($0)"] == ($0 % 2 == 1 ? .int($0) : nil) })
    object["key0"] = "again"
    #expect(object.keys.last == "key0")
    #expect(object["key0"] == "again")
  }

  @Test func behavesLikeADictionary() {
    var random = SplitMix64(seed: 11)
    var object = ValueObject()
    var model: [String: Value] = [:]
    for step in 0..<5_000 {
      let key = "k\(random.int(0...30))"
      let value: Value? = random.chance(60) ? .int(step) : nil
      object[key] = value
      model[key] = value
      #expect(object.count == model.count)
      #expect(object[key] == model[key])
    }
    #expect(model.allSatisfy { object[$0.key] == $0.value })
  }

  @Test func settingAgainKeepsThePlace() {
    var object: ValueObject = ["a": 1, "b": 2]
    object["a"] = 3
    #expect(object.keys == ["a", "b"])
    #expect(ValueObject([("a", 1), ("b", 2), ("a", 3)]) == object)
    object["missing"] = nil
    #expect(object.count == 2)
  }

  @Test func orderDoesNotMatterForEquality() {
    let one: ValueObject = ["a": 1, "b": [1, 2]]
    let other: ValueObject = ["b": [1, 2], "a": 1]
    #expect(one == other)
    #expect(one.hashValue == other.hashValue)
    #expect(Set([one, other]).count == 1)
    #expect(one != ["a": 1])
    #expect(one != ["a": 1, "b": [2, 1]])
    #expect(one != ["a": 1, "c": [1, 2]])
  }

  @Test func isACollection() {
    let object: ValueObject = ["a": 1, "b": 2]
    #expect(object[1].key == "b")
    #expect(object.map(\.value) == [1, 2])
    #expect(ValueObject().isEmpty)
  }
}
