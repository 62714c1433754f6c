import LVSText

/// What to do about the syntax errors of libyaml, by the words of its scanner and parser.
enum SyntaxAdvice {
  /// Whether the mistake is where a construct began rather than where libyaml gave up on it.
  static func isAboutContext(_ problem: String) -> Bool {
    problem == "could not find expected ':'" || problem.hasPrefix("found unexpected")
  }

  /// Help for a problem as libyaml names it.
  static func help(for problem: String) -> Message {
    switch problem {
    case "found character that cannot start any token":
      "Indent with spaces, not with tabs, and put quotes around text that begins with one of % @ `."
    case "could not find expected ':'":
      "A key needs a colon and a space after it, as in `port: 80`."
    case "mapping values are not allowed in this context":
      "Check the indentation of this line; text that holds a colon and a space needs quotes around it."
    case "did not find expected ',' or '}'":
      "Separate the keys of a map in braces by commas, and close it with `}`."
    case "did not find expected ',' or ']'":
      "Separate the elements of a list in brackets by commas, and close it with `]`."
    case "found unexpected end of stream", "found unexpected document indicator":
      "Close the quotation mark that was opened before."
    case "did not find expected key", "did not find expected '-' indicator",
      "block sequence entries are not allowed in this context", "block mapping ended prematurely":
      "Check the indentation: keys of one map begin in the same column, and so do the dashes of one list."
    default:
      "Check the indentation, the colons and the quotation marks on this line and the one before."
    }
  }
}
