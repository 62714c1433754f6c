import Testing

/// Expects that a text is safe on a terminal, and that foreign text is in it.
func expectPrintable(
  _ text: String, isForeign: Bool = true, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(Hostile.unprintable(in: text) == [], "\(comment): \(text.debugDescription)", sourceLocation: sourceLocation)
  if isForeign {
    #expect(text.contains("FORGED"), "\(comment): \(text.debugDescription)", sourceLocation: sourceLocation)
  }
}
