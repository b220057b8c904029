import Testing

@Suite("@Generable on enums: what is written")
struct EnumExpansionTests {
  @Test("cases that carry nothing are a choice of their names")
  func names() {
    expectExpansion(
      of: """
        @Generable(description: "How bad")
        public enum Level: Int {
          case low, high
          case `default`
        }
        """,
      """

      public enum Level: Int {
        case low, high
        case `default`
      }

      extension Level: Turnout.Generable {
        public static var schema: Turnout.Schema {
          .described("How bad", .choice(["low", "high", "default"]))
        }

        public init(from field: Turnout.ValueField) throws {
          self = try field.choice(["low": Self.low, "high": Self.high, "default": Self.`default`])
        }

        public var value: Turnout.Value {
          switch self {
          case .low:
            return .string("low")
          case .high:
            return .string("high")
          case .`default`:
            return .string("default")
          }
        }
      }
      """)
  }

  @Test("raw values that are strings are the names")
  func rawValues() {
    expectExpansion(
      of: """
        @Generable enum Level: String, CaseIterable {
          case low = "LOW", high
        }
        """,
      """
      enum Level: String, CaseIterable {
        case low = "LOW", high
      }

      extension Level: Turnout.Generable {
        static var schema: Turnout.Schema {
          .choice([Self.low.rawValue, Self.high.rawValue])
        }

        init(from field: Turnout.ValueField) throws {
          self = try field.choice([Self.low.rawValue: Self.low, Self.high.rawValue: Self.high])
        }

        var value: Turnout.Value {
          .string(self.rawValue)
        }
      }
      """)
  }

  @Test("one case that carries something makes all of them objects")
  func payloads() {
    expectExpansion(
      of: """
        @Generable enum Shape {
          @Guide("Round") case circle(radius: Double)
          case square(Double), polygon([Int], named: String?, _: Bool)
          case `nil`
        }
        """,
      """
      enum Shape {
        case circle(radius: Double)
        case square(Double), polygon([Int], named: String?, _: Bool)
        case `nil`
      }

      extension Shape: Turnout.Generable {
        static var schema: Turnout.Schema {
          .anyOf([
            .described("Round", .object("circle", [
              .init("case", .choice(["circle"])),
              .init("radius", of: Double.self),
            ])),
            .object("square", [
              .init("case", .choice(["square"])),
              .init("value", of: Double.self),
            ]),
            .object("polygon", [
              .init("case", .choice(["polygon"])),
              .init("value1", of: [Int].self),
              .init("named", of: String?.self),
              .init("value2", of: Bool.self),
            ]),
            .object("nil", [
              .init("case", .choice(["nil"])),
            ]),
          ])
        }

        init(from field: Turnout.ValueField) throws {
          switch try field.caseName(["circle", "square", "polygon", "nil"]) {
          case "circle":
            self = try Self.circle(radius: field.decode("radius"))
          case "square":
            self = try Self.square(field.decode("value"))
          case "polygon":
            self = try Self.polygon(field.decode("value1"), named: field.decode("named"), field.decode("value2"))
          case "nil":
            self = Self.`nil`
          default:
            throw field.mismatch("a case")
          }
        }

        var value: Turnout.Value {
          var object = Turnout.ValueObject()
          switch self {
          case .circle(let payload0):
            object["case"] = .string("circle")
            object["radius"] = payload0.value
          case .square(let payload0):
            object["case"] = .string("square")
            object["value"] = payload0.value
          case .polygon(let payload0, let payload1, let payload2):
            object["case"] = .string("polygon")
            object["value1"] = payload0.value
            object["named"] = payload1.value
            object["value2"] = payload2.value
          case .`nil`:
            object["case"] = .string("nil")
          }
          return .object(object)
        }
      }
      """)
  }
}
