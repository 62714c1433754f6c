import LVSText

extension Finding {
  /// What may be told of a file whose text is not to be shown: code, severity, and where it begins.
  public var withoutText: Finding {
    Finding(
      code, severity: severity, "A fault of this kind is here; the text is not shown.",
      at: range.map { SourceRange(start: $0.start, end: $0.start) },
      help: "`lvsctl validate --explain \(code.rawValue)` tells more about the kind.")
  }
}
