extension StringProtocol where SubSequence == Substring {
  /// Everything but the white space at the end.
  var trimmedAtEnd: Substring {
    lastIndex { !$0.isWhitespace }.map { self[...$0] } ?? self[..<startIndex]
  }
}
