import SwiftCompilerPlugin
import SwiftSyntaxMacros

/// What the compiler loads: the macros of the package by name.
@main
struct TurnoutPlugin: CompilerPlugin {
  let providingMacros: [any Macro.Type] = [GenerableMacro.self, GuideMacro.self]
}
