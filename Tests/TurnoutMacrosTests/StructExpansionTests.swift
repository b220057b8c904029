import Testing

@Suite("@Generable on structs: what is written")
struct StructExpansionTests {
  @Test("words, guides, optionals and nested types stand in the schema; reading and writing follow the order")
  func everything() {
    expectExpansion(
      of: """
        @Generable("How a change affects one group")
        struct Impact {
          @Guide("Most important first", .count(1...5), .element(.length(1...80)))
          var effects: [String]
          @Guide(description: "0 to 10", .range(0...10))
          var severity: Int?
          @Guide(.anyOf(["low", "high"])) let risk: String
          var nested: Details = Details()
        }
        """,
      """

      struct Impact {
        var effects: [String]
        var severity: Int?
        let risk: String
        var nested: Details = Details()
      }

      extension Impact: Turnout.Generable {
        static var schema: Turnout.Schema {
          .described("How a change affects one group", .object("Impact", [
            .init("effects", of: [String].self, "Most important first", .count(1 ... 5), .element(.length(1 ... 80))),
            .init("severity", of: Int?.self, "0 to 10", .range(0 ... 10)),
            .init("risk", of: String.self, nil, .anyOf(["low", "high"])),
            .init("nested", of: Details.self),
          ]))
        }

        init(from field: Turnout.ValueField) throws {
          self.effects = try field.decode("effects")
          self.severity = try field.decode("severity")
          self.risk = try field.decode("risk")
          self.nested = try field.decode("nested")
        }

        var value: Turnout.Value {
          var object = Turnout.ValueObject()
          object["effects"] = self.effects.value
          object["severity"] = self.severity.value
          object["risk"] = self.risk.value
          object["nested"] = self.nested.value
          return .object(object)
        }
      }
      """)
  }

  @Test("computed, static and lazy properties are no part of it; observed ones are")
  func storage() {
    expectExpansion(
      of: """
        @Generable
        struct Mixed {
          let x, y: Double
          var observed: Int { didSet { print(observed) } }
          var computed: Int { 3 }
          var both: Int { get { 3 } set {} }
          static var shared: Int = 0
          lazy var late: Int = 3
          func method() {}
        }
        """,
      """

      struct Mixed {
        let x, y: Double
        var observed: Int { didSet { print(observed) } }
        var computed: Int { 3 }
        var both: Int { get { 3 } set {} }
        static var shared: Int = 0
        lazy var late: Int = 3
        func method() {}
      }

      extension Mixed: Turnout.Generable {
        static var schema: Turnout.Schema {
          .object("Mixed", [
            .init("x", of: Double.self),
            .init("y", of: Double.self),
            .init("observed", of: Int.self),
          ])
        }

        init(from field: Turnout.ValueField) throws {
          self.x = try field.decode("x")
          self.y = try field.decode("y")
          self.observed = try field.decode("observed")
        }

        var value: Turnout.Value {
          var object = Turnout.ValueObject()
          object["x"] = self.x.value
          object["y"] = self.y.value
          object["observed"] = self.observed.value
          return .object(object)
        }
      }
      """)
  }

  @Test("members are as public as the type")
  func access() {
    expectExpansion(
      of: """
        @Generable public struct Empty {
        }
        """,
      """
      public struct Empty {
      }

      extension Empty: Turnout.Generable {
        public static var schema: Turnout.Schema {
          .object("Empty", [])
        }

        public init(from field: Turnout.ValueField) throws {
          try field.requireObject()
        }

        public var value: Turnout.Value {
          .object(Turnout.ValueObject())
        }
      }
      """)
  }

  @Test("a public extension makes its members public")
  func accessOfExtension() {
    expectExpansion(
      of: """
        package extension Outer {
          @Generable struct Inner {
            var a: Bool
          }
        }
        """,
      """
      package extension Outer {
        struct Inner {
          var a: Bool
        }
      }

      extension Outer.Inner: Turnout.Generable {
        package static var schema: Turnout.Schema {
          .object("Inner", [
            .init("a", of: Bool.self),
          ])
        }

        package init(from field: Turnout.ValueField) throws {
          self.a = try field.decode("a")
        }

        package var value: Turnout.Value {
          var object = Turnout.ValueObject()
          object["a"] = self.a.value
          return .object(object)
        }
      }
      """)
  }

  @Test("names in backticks are written in code, not in keys")
  func backticks() {
    expectExpansion(
      of: """
        @Generable struct `Type` {
          var `default`: Int
          var `he said "no"`: Int
        }
        """,
      """
      struct `Type` {
        var `default`: Int
        var `he said "no"`: Int
      }

      extension `Type`: Turnout.Generable {
        static var schema: Turnout.Schema {
          .object("Type", [
            .init("default", of: Int.self),
            .init("he said \\"no\\"", of: Int.self),
          ])
        }

        init(from field: Turnout.ValueField) throws {
          self.`default` = try field.decode("default")
          self.`he said "no"` = try field.decode("he said \\"no\\"")
        }

        var value: Turnout.Value {
          var object = Turnout.ValueObject()
          object["default"] = self.`default`.value
          object["he said \\"no\\""] = self.`he said "no"`.value
          return .object(object)
        }
      }
      """)
  }

  @Test("a type that says it is generable gets no second conformance")
  func conformance() {
    expectExpansion(
      of: """
        @Generable struct Page<Item: Generable>: Generable {
          var items: [Item]
        }
        """,
      """
      struct Page<Item: Generable>: Generable {
        var items: [Item]
      }

      extension Page {
        static var schema: Turnout.Schema {
          .object("Page", [
            .init("items", of: [Item].self),
          ])
        }

        init(from field: Turnout.ValueField) throws {
          self.items = try field.decode("items")
        }

        var value: Turnout.Value {
          var object = Turnout.ValueObject()
          object["items"] = self.items.value
          return .object(object)
        }
      }
      """, conforming: false)
  }

  @Test("words of several lines, and words that only run time knows")
  func words() {
    expectExpansion(
      of: #"""
        @Generable(words)
        struct Told {
          @Guide("""
            One "line",

              and another.
            """, .range(0...4)) var a: Int
          @Guide("In \(place)") var b: Int
          @Guide(Words.make()) var c: Int
        }
        """#,
      #"""

      struct Told {
        var a: Int
        var b: Int
        var c: Int
      }

      extension Told: Turnout.Generable {
        static var schema: Turnout.Schema {
          .described(words, .object("Told", [
            .init("a", of: Int.self, "One \"line\",\n\n  and another.", .range(0 ... 4)),
            .init("b", of: Int.self, "In \(place)"),
            .init("c", of: Int.self, Words.make()),
          ]))
        }

        init(from field: Turnout.ValueField) throws {
          self.a = try field.decode("a")
          self.b = try field.decode("b")
          self.c = try field.decode("c")
        }

        var value: Turnout.Value {
          var object = Turnout.ValueObject()
          object["a"] = self.a.value
          object["b"] = self.b.value
          object["c"] = self.c.value
          return .object(object)
        }
      }
      """#)
  }

  @Test("the fix-it of a missing type writes it")
  func fixIts() {
    expectFix(
      of: """
        @Generable struct A {
          var a = 1
        }
        """,
      """
      struct A {
        var a = 1
      }
      """,
      error: "2:7 'a' needs its type written out, for a macro sees only what is written",
      fixIt: "write the type: 'a: Int'",
      """
      @Generable struct A {
        var a: Int = 1
      }
      """)
  }
}
