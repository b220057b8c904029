/// A piece of a document and the white space that separates it from the next.
public struct Section: Sendable, Hashable {
  /// The text, without white space at its end.
  public let text: String
  /// The white space between this and the next section, exactly as it was.
  public let separator: String
  /// Whether it is kept as it is: nothing is to be done with it, see ``DocumentSplitter/keeping``.
  public let isKept: Bool
  /// What comes right before it in the document, as far as the overlap reaches; no part of the section.
  public let context: String
  /// The number of its first line in the document, from 1.
  public let line: Int
  /// What a step is given: the text without blank lines before it and without the white space that all its lines begin
  /// with, as the inside of a list has it.
  public let input: String

  /// Where it stands in the document.
  let place: BlockPlace
  private let indent: Substring

  init(
    text: String, separator: String = "", isKept: Bool = false, context: String = "", line: Int = 1,
    place: BlockPlace = BlockPlace(), beginsWithCode: Bool = false
  ) {
    self.text = text
    self.separator = separator
    self.isKept = isKept
    self.context = context
    self.line = line
    self.place = place
    let lines = Self.lines(text.drop(while: \.isWhitespace))
    if beginsWithCode {
      // Its indent is what makes it code.
      indent = ""
      input = String(text[(Self.startOfLine(text.prefix(while: \.isWhitespace).endIndex, text))...])
    } else {
      let indent = Self.commonIndent(of: text.drop(while: \.isWhitespace), first: text)
      self.indent = indent
      input =
        lines.prefix(1).joined()
        + lines.dropFirst().map { $0.hasPrefix(indent) ? $0.dropFirst(indent.count) : $0 }.joined()
    }
  }

  /// Whether there is something to be done with it: it is neither kept nor empty.
  public var isSent: Bool { !isKept && !input.isEmpty }

  /// An output in the section's place: without white space around it but the section's own, and, where every line of the
  /// section ends with a carriage return and a line feed, with such line ends.
  func fitting(_ output: String) -> String {
    var lines = Self.lines(output.drop(while: \.isWhitespace).trimmedAtEnd)
    // Characters: a pair of both is one. An array, since in a text two of them side by side would become a pair.
    let breaks = Array(text).filter(Self.isBreak)
    if !breaks.isEmpty, breaks.allSatisfy({ $0 == "\r\n" }) {
      lines = lines.map { $0.last == "\n" ? $0.dropLast() + "\r\n" : $0 }
    }
    let indented = lines.dropFirst().map { $0.first.map(Self.isBreak) ?? true ? $0 : indent + $0 }
    return text.prefix(while: \.isWhitespace) + lines.prefix(1).joined() + indented.joined()
  }

  private static func isBreak(_ character: Character) -> Bool {
    character == "\n" || character == "\r\n" || character == "\r"
  }

  /// The lines with their ends.
  private static func lines(_ text: Substring) -> [Substring] {
    var lines: [Substring] = []
    var rest = text
    while let end = rest.firstIndex(where: isBreak) {
      lines.append(rest[...end])
      rest = rest[end...].dropFirst()
    }
    return lines + [rest]
  }

  private static func startOfLine(_ index: String.Index, _ text: String) -> String.Index {
    text[..<index].lastIndex(where: isBreak).map { text.index(after: $0) } ?? text.startIndex
  }

  /// The white space that all lines begin with, when lines of nothing else are empty.
  private static func commonIndent(of body: Substring, first text: String) -> Substring {
    var common = text[startOfLine(body.startIndex, text)..<body.startIndex]
    for line in lines(body).dropFirst() where line.first.map(isBreak) == false {
      let indent = line.prefix { $0 == " " || $0 == "\t" }
      if indent.count == line.count || line.dropFirst(indent.count).first.map(isBreak) == true { return "" }
      while !indent.hasPrefix(common) { common = common.dropLast() }
    }
    return common
  }
}

/// What comes right before a section, for the steps that work on it: `run.values[SectionContext.self]`.
///
/// ```swift
/// let translator = Agent<String, String>(
///   "translate", model: model, output: .text, instructions: { _, _ in "Translate the text." },
///   prompt: { text, run in "Before it:\n\(run.values[SectionContext.self])\n\nThe text:\n\(text)" })
/// let translate = Split(translator, by: DocumentSplitter(overlap: 200))
/// ```
public enum SectionContext: RunKey {
  /// Nothing.
  public static let defaultValue = ""
}
