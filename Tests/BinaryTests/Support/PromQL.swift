/// What a PromQL expression names: metrics with what is asked of their labels, and labels that it groups or matches by.
struct PromQL {
  struct Selector {
    var metric: String
    var matchers: [(label: String, sign: String, value: String)] = []
  }

  private(set) var selectors: [Selector] = []
  private(set) var labels: [String] = []

  private static let lists: Set<String> = ["by", "on", "without", "ignoring", "group_left", "group_right"]
  private static let words: Set<String> = ["and", "or", "unless", "bool", "offset"]

  /// Reads an expression that Prometheus takes.
  init(_ text: String) {
    let tokens = Self.tokens(of: text)
    var index = 0
    while index < tokens.count {
      let token = tokens[index]
      let next = index + 1 < tokens.count ? tokens[index + 1] : ""
      index += 1
      guard let first = token.unicodeScalars.first, Self.beginsName(first), !Self.words.contains(token) else {
        continue
      }
      if next == "(" {
        guard Self.lists.contains(token) else { continue }
        while index < tokens.count, tokens[index] != ")" {
          if tokens[index] != "(" && tokens[index] != "," { labels.append(tokens[index]) }
          index += 1
        }
      } else if !Self.lists.contains(token), !Self.lists.contains(next) {
        // What is left is no function, and no operator such as `sum by`.
        var selector = Selector(metric: token)
        if next == "{" {
          index += 1
          while index + 2 < tokens.count, tokens[index] != "}" {
            if tokens[index] == "," {
              index += 1
              continue
            }
            selector.matchers.append(
              (tokens[index], tokens[index + 1], String(tokens[index + 2].dropFirst().dropLast())))
            index += 3
          }
        }
        selectors.append(selector)
      }
    }
  }

  private static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || scalar == "_"
  }

  /// Names, numbers with their units, texts with their quotation marks, signs.
  private static func tokens(of text: String) -> [String] {
    let scalars = Array(text.unicodeScalars)
    var tokens: [String] = []
    var index = 0
    func token(from start: Int) -> String { String(String.UnicodeScalarView(scalars[start..<index])) }
    while index < scalars.count {
      let start = index
      let first = scalars[index]
      index += 1
      if first.properties.isWhitespace { continue }
      if beginsName(first) || ("0"..."9").contains(first) {
        while index < scalars.count,
          beginsName(scalars[index]) || ("0"..."9").contains(scalars[index]) || scalars[index] == ":"
        {
          index += 1
        }
      } else if first == "\"" {
        while index < scalars.count, scalars[index] != "\"" { index += scalars[index] == "\\" ? 2 : 1 }
        index += 1
      } else if "=!<>".unicodeScalars.contains(first) {
        while index < scalars.count, "=~".unicodeScalars.contains(scalars[index]) { index += 1 }
      }
      tokens.append(token(from: start))
    }
    return tokens
  }
}
