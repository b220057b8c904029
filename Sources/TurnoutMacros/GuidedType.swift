import SwiftSyntax

/// What a type's spelling says about the guides that fit it.
indirect enum GuidedType: Equatable {
  case string, integer, number, boolean
  case array(GuidedType)
  case optional(GuidedType)
  /// A type that only the compiler knows: another generable type, an alias, a type parameter.
  case other
  /// A type that no schema can say.
  case impossible(String)

  /// Reads a spelling.
  init(_ type: TypeSyntax) {
    switch type.as(TypeSyntaxEnum.self) {
    case .identifierType(let type): self.init(name: type.name.text, type.genericArgumentClause)
    case .memberType(let type) where type.baseType.trimmedDescription == "Swift":
      self.init(name: type.name.text, type.genericArgumentClause)
    case .arrayType(let type): self = .array(Self(type.element))
    case .optionalType(let type): self = .optional(of: Self(type.wrappedType))
    case .tupleType(let type):
      if type.elements.count == 1, let only = type.elements.first, only.firstName == nil {
        self = Self(only.type)
      } else {
        self = .impossible("a tuple has no schema; use a @Generable struct")
      }
    case .dictionaryType: self = .impossible("a dictionary has no schema; use an array of @Generable structs, or Value")
    case .implicitlyUnwrappedOptionalType: self = .impossible("an implicitly unwrapped optional traps on null; use '?'")
    case .functionType: self = .impossible("a function has no schema")
    case .someOrAnyType: self = .impossible("an existential or opaque type has no schema; use a concrete type")
    default: self = .other
    }
  }

  private init(name: String, _ arguments: GenericArgumentClauseSyntax?) {
    let argument = arguments?.arguments.first.flatMap { argument -> Self? in
      if case .type(let type) = argument.argument { Self(type) } else { nil }
    }
    self =
      switch (name, argument) {
      case ("String", nil): .string
      case ("Int", nil): .integer
      case ("Double", nil): .number
      case ("Bool", nil): .boolean
      case ("Array", let element?): .array(element)
      case ("Optional", let wrapped?): .optional(of: wrapped)
      default: .other
      }
  }

  private static func optional(of type: Self) -> Self {
    if case .optional = type {
      .impossible("an optional of an optional: null would mean two things")
    } else {
      .optional(type)
    }
  }

  /// The type without an optional around it.
  var wrapped: GuidedType {
    if case .optional(let type) = self { type } else { self }
  }

  /// Why no schema can say this type, wherever in it that is.
  var impossibility: String? {
    switch self {
    case .impossible(let reason): reason
    case .array(let type), .optional(let type): type.impossibility
    default: nil
    }
  }

  /// The guides that fit, by name; nil when only the compiler can tell.
  var fitting: [String]? {
    switch wrapped {
    case .string: ["anyOf", "length"]
    case .integer, .number: ["range", "minimum", "maximum"]
    case .boolean: []
    case .array: ["count", "minimumCount", "maximumCount", "element"]
    default: nil
    }
  }
}
