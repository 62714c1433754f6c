import Testing

extension Flow {
  /// Asks once; the test ends where another machine answers, or none.
  func expectAnswer(by machine: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let answer = try ask()
    try #require(answer == machine, sourceLocation: sourceLocation)
  }
}
