/// What a parser of arguments says of a command line that it refuses, on one line: its usage would bury the words.
public enum UsageLine {
  /// The parser's words, which may list values a line each, and where help is, which its whole text names.
  public static func message(_ words: String, from text: String) -> Message {
    let sentence = oneLine(words)
    guard let last = sentence.last else { return "" }
    let end: Message = ".?!".contains(last) ? "" : "."
    let help: Message = helpCommand(in: text).map { " See \($0)." } ?? ""
    return "\(sentence)\(end)\(help)"
  }

  private static func oneLine(_ words: String) -> String {
    var line = ""
    var isList = false
    for part in words.split(separator: "\n") {
      let part = part.drop { $0 == " " }
      let isItem = part.hasPrefix("- ")
      if !line.isEmpty { line += isItem && isList ? ", " : " " }
      line += isItem ? part.dropFirst(2) : part
      isList = isItem
    }
    return line
  }

  /// `lvsctl diff --help`, in the parser's last line: `  See 'lvsctl diff --help' for more information.`
  private static func helpCommand(in text: String) -> String? {
    guard let line = text.split(separator: "\n").last, line.hasPrefix("  See '") else { return nil }
    return line.split(separator: "'").dropFirst().first.map(String.init)
  }
}
