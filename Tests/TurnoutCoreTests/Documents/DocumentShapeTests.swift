import Testing
import TurnoutCore

@Suite struct DocumentShapeTests {
  static let document = """
    Title
    =====

    ## Part #1 ##

    > ### Quoted

    ```sh
    # no heading
    ```

    - item

          indented

    | a | b |
    |---|:-:|
    | 1 | 2 |
    | 3 \\| 4 | 5 |

    c | d | e
    -|-|-

    <!--
    # no heading
    -->
    """

  @Test func itHoldsHeadingsCodeAndTables() {
    let shape = DocumentShape(of: Self.document)
    #expect(shape.headings == [1, 2, 3])
    #expect(shape.code == ["```sh\n# no heading\n```", "      indented"])
    #expect(shape.tables.map(\.columns) == [2, 3])
    #expect(shape.tables.map(\.rows) == [3, 1])
    #expect(DocumentShape(of: "") == DocumentShape(of: "plain | text\n\n#none"))
  }

  @Test func textMayChange() {
    let other = Self.document.replacing("Title", with: "标题").replacing("item", with: "其他").replacing(
      "| 1 |", with: "|一|")
    #expect(DocumentShape(of: Self.document).complaint(about: other) == nil)
    let short = DocumentShape(of: "a\n---\n\n    code").complaint(about: "## b\n\n    code\n")
    #expect(short == nil)
  }

  @Test func lineEndsMayChange() {
    let other = Self.document.replacing("\n", with: "\r\n")
    #expect(DocumentShape(of: Self.document) == DocumentShape(of: other))
  }

  struct Change: Sendable, CustomTestStringConvertible {
    let from: String
    let to: String
    let complaint: String
    var testDescription: String { to }
  }

  @Test(arguments: [
    Change(from: "## Part", to: "Part", complaint: "it must have 3 headings (# ## ###), and it has 2 headings (# ###)"),
    Change(
      from: "## Part", to: "### Part",
      complaint: "it must have 3 headings (# ## ###), and it has 3 headings (# ### ###)"),
    Change(
      from: "no heading\n```", to: "kein Titel\n```",
      complaint: "code block 1 is not the same: repeat it exactly as it is, with its fences"),
    Change(
      from: "```sh", to: "```bash",
      complaint: "code block 1 is not the same: repeat it exactly as it is, with its fences"),
    Change(from: "      indented", to: "   indented", complaint: "it must have 2 code blocks, and it has 1"),
    Change(
      from: "| 1 | 2 |\n", to: "", complaint: "table 1 must have 2 columns and 3 rows, and it has 2 columns and 2 rows"),
    Change(
      from: "c | d | e\n-|-|-", to: "c | d\n-|-",
      complaint: "table 2 must have 3 columns and 1 rows, and it has 2 columns and 1 rows"),
    Change(from: "c | d | e\n-|-|-", to: "c, d, e", complaint: "it must have 2 tables, and it has 1"),
  ])
  func whatIsMissingIsNamed(change: Change) {
    let other = Self.document.replacing(change.from, with: change.to)
    #expect(other != Self.document)
    #expect(DocumentShape(of: Self.document).complaint(about: other) == change.complaint)
  }

  @Test func everythingThatIsMissingIsNamed() {
    #expect(
      DocumentShape(of: Self.document).complaint(about: "nothing")
        == "it must have 3 headings (# ## ###), and it has no headings; it must have 2 code blocks, and it has 0; "
        + "it must have 2 tables, and it has 0")
    // An answer in a fence is a code block too many.
    #expect(
      DocumentShape(of: "text").complaint(about: "```markdown\ntext\n```") == "it must have 0 code blocks, and it has 1"
    )
  }

  @Test func manyHeadingsAreNotAllListed() throws {
    let document = (0..<300).map { _ in "# a\n\n" }.joined()
    let complaint = try #require(DocumentShape(of: document).complaint(about: ""))
    #expect(complaint.count < 200)
  }
}
