import Testing

extension RecipeCluster {
  /// Expects that a block of the README is what its command shows on a terminal of 80 columns; times, counters and rates
  /// are as they come.
  func expectScreen(_ label: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let lines = try #require(Readme().blocks(label).first, "README.md has no \(label)").lines
    let command = try #require(lines.first?.wholeMatch(of: #/([a-z0-9]+)# (.*)/#), "\(lines)")
    let words = command.2.split(separator: "#").first ?? ""
    let typed = try type("NO_COLOR=1 script -qc 'stty cols 80 rows 24; \(words)' /dev/null", on: String(command.1))
    let shown = typed.outcome.output.split(separator: "\r\n").map { Self.masked(String($0)) }
    let wanted = lines.dropFirst().filter { !$0.isEmpty }.map(Self.masked)
    #expect(shown == wanted, "\(typed.outcome.output)", sourceLocation: sourceLocation)
  }

  /// A line without its numbers, and with a blank where there are several.
  private static func masked(_ line: String) -> String {
    let time = line.replacing(#/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/#, with: "TIME")
    return time.replacing(#/[0-9]+(?:\.[0-9])?[kM]?\b/#, with: "N").replacing(#/ +/#, with: " ")
  }
}
