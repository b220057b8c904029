import SwiftDiagnostics
import SwiftSyntax
import SwiftSyntaxMacros

/// Collects what is wrong with a declaration, so that one build shows everything at once.
struct Complaints {
  private(set) var diagnostics: [Diagnostic] = []

  /// Whether nothing is wrong.
  var isEmpty: Bool { diagnostics.isEmpty }

  /// Says what is wrong at a place.
  mutating func add(_ message: String, at node: some SyntaxProtocol, fixIts: [FixIt] = []) {
    diagnostics.append(
      Diagnostic(node: Syntax(node), message: MacroExpansionErrorMessage(message), fixIts: fixIts))
  }

  /// Hands everything to the compiler.
  func report(in context: some MacroExpansionContext) {
    for diagnostic in diagnostics { context.diagnose(diagnostic) }
  }
}
