import SwiftSyntax

/// Who may use the members of the extension: whoever may use the type.
struct AccessLevel {
  /// What stands in front of a member, with its space.
  let prefix: String

  /// The access of a declaration; that of a member of `public extension` comes from the extension.
  init(
    of declaration: some DeclGroupSyntax, in context: [Syntax], at node: AttributeSyntax, _ complaints: inout Complaints
  ) {
    let own = Self.keyword(in: declaration.modifiers)
    if own == "private", !context.isEmpty {
      complaints.add(
        "an extension cannot see a private type inside another type; make the type fileprivate", at: node)
    }
    let inherited = context.first?.as(ExtensionDeclSyntax.self).flatMap { Self.keyword(in: $0.modifiers) }
    let access = own ?? inherited
    prefix = access == "public" || access == "package" ? "\(access ?? "") " : ""
  }

  private static func keyword(in modifiers: DeclModifierListSyntax) -> String? {
    let levels: Set = ["public", "package", "internal", "fileprivate", "private"]
    // `private(set)` says nothing about who may read.
    return modifiers.first { levels.contains($0.name.text) && $0.detail == nil }?.name.text
  }
}
