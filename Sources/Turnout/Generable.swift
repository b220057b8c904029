/// Writes the conformance to ``Generable``: the type's schema, its strict reading and its writing.
///
/// ```swift
/// @Generable("How a change affects one group")
/// struct Impact {
///   @Guide("What changes for this group, most important first")
///   var effects: [String]
///   @Guide("0 to 10", .range(0...10))
///   var severity: Int
/// }
///
/// let impact = try Impact(Value(json: answer))   // throws: severity: is missing
/// ```
///
/// **Structs.** Every stored property is read and written under its own name and is required unless its type is an
/// optional; an initial value changes nothing, for nothing is ever filled in. The memberwise initializer stays. Computed,
/// lazy and static properties are left alone. A type parameter that a property uses must be generable: `struct Page<Item: Generable>`.
///
/// **Enums** whose cases carry nothing are a choice of their names, or of their raw values when these are strings. As
/// soon as one case carries values, each case is an object: its name under `case`, and beside it the values under their
/// labels, under `value` when there is a single one without label, under `value1`, `value2`… when there are several.
///
/// A type that contains itself has an endless schema. Where the compiler shows it to the macro (`Node?`, `[Self]`), it is
/// refused; two types that contain each other cannot be seen by a macro and must not be written.
///
/// The generated code spells its types as `Turnout.Schema`, so a file may have a `Schema` of its own, and
/// `@Turnout.Generable` works beside another module's macro of that name.
@attached(extension, conformances: Generable, names: named(schema), named(init(from:)), named(value))
public macro Generable() = #externalMacro(module: "TurnoutMacros", type: "GenerableMacro")

/// Writes the conformance to ``Generable``, with words for the model about what the type means.
///
/// ```swift
/// @Generable("What a customer wants")
/// enum Intent { case buy, repair, complain }
/// ```
/// `@Generable()` says what is written for structs and for enums.
@attached(extension, conformances: Generable, names: named(schema), named(init(from:)), named(value))
public macro Generable(_ description: String) = #externalMacro(module: "TurnoutMacros", type: "GenerableMacro")

/// Writes the conformance to ``Generable``, with Apple's label for the description.
///
/// ```swift
/// @Generable(description: "What a customer wants")
/// enum Intent { case buy, repair, complain }
/// ```
/// `@Generable()` says what is written for structs and for enums.
@attached(extension, conformances: Generable, names: named(schema), named(init(from:)), named(value))
public macro Generable(description: String) = #externalMacro(module: "TurnoutMacros", type: "GenerableMacro")
