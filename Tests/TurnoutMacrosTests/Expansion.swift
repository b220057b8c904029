import SwiftDiagnostics
import SwiftParser
import SwiftSyntax
import SwiftSyntaxBuilder
import SwiftSyntaxMacroExpansion
import SwiftSyntaxMacros
import SwiftSyntaxMacrosGenericTestSupport
import Testing

import TurnoutMacros

private func specs(conforming: Bool = true) -> [String: MacroSpec] {
  let conformances: [TypeSyntax] = conforming ? ["Generable"] : []
  let generable = MacroSpec(type: GenerableMacro.self, conformances: conformances)
  let guide = MacroSpec(type: GuideMacro.self)
  return ["Generable": generable, "Turnout.Generable": generable, "Guide": guide, "Turnout.Guide": guide]
}

/// Expects that a source becomes another, without a diagnostic.
func expectExpansion(
  of source: String, _ expected: String, conforming: Bool = true,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) {
  assertMacroExpansion(
    source, expandedSource: expected, macroSpecs: specs(conforming: conforming), indentationWidth: .spaces(2),
    failureHandler: record, fileID: fileID, filePath: filePath, line: line, column: column)
}

/// Expects one error, as `line:column message`, with one fix-it, and the source that applying it gives.
func expectFix(
  of source: String, _ expanded: String, error: String, fixIt: String, _ fixed: String,
  fileID: StaticString = #fileID, filePath: StaticString = #filePath, line: UInt = #line, column: UInt = #column
) {
  let fixIts = [FixItSpec(message: fixIt, originatorFileID: fileID, originatorFile: filePath, originatorLine: line)]
  let parts = error.split(maxSplits: 2) { $0 == ":" || $0 == " " }.map(String.init)
  let diagnostic = DiagnosticSpec(
    message: parts[2], line: Int(parts[0]) ?? 0, column: Int(parts[1]) ?? 0, fixIts: fixIts, originatorFileID: fileID,
    originatorFile: filePath,
    originatorLine: line)
  assertMacroExpansion(
    source, expandedSource: expanded, diagnostics: [diagnostic], macroSpecs: specs(), fixedSource: fixed,
    indentationWidth: .spaces(2), failureHandler: record, fileID: fileID, filePath: filePath, line: line,
    column: column)
}

/// Reports at the line of the test, not of this file.
private func record(_ failure: TestFailureSpec) {
  let place = failure.location
  Issue.record(
    Comment(rawValue: failure.message),
    sourceLocation: SourceLocation(
      fileID: place.fileID, filePath: place.filePath, line: place.line, column: place.column))
}

/// The errors that expanding a source gives, each as `line:column message`, with the fix-it's words after an arrow.
func errors(in source: String) -> [String] {
  let file = Parser.parse(source: source)
  let context = BasicMacroExpansionContext(sourceFiles: [file: .init(moduleName: "M", fullFilePath: "m.swift")])
  let expanded = file.expand(macroSpecs: specs()) {
    BasicMacroExpansionContext(sharingWith: context, lexicalContext: $0.allMacroLexicalContexts())
  }
  // What @Guide alone says does not keep the type from being expanded.
  let refused = context.diagnostics.contains { !$0.message.hasPrefix("@Guide has no effect") }
  if refused, expanded.description.contains("extension") {
    Issue.record("a declaration with errors was expanded")
  }
  return context.diagnostics.map { diagnostic in
    let place = context.location(for: diagnostic.position, anchoredAt: diagnostic.node, fileName: "m.swift")
    let fixIts = diagnostic.fixIts.map { " -> \($0.message.message)" }.joined()
    return "\(place.line):\(place.column) \(diagnostic.message)\(fixIts)"
  }
}
