/// Text in which Markdown finds nothing to interpret but code spans that are whole.
public func markdownText(_ text: String) -> String {
  let shown = printable(text)
  let keepsCode = shown.count { $0 == "`" } % 2 == 0
  var result = ""
  for scalar in shown.unicodeScalars {
    switch scalar {
    case "<", ">", "&", "*", "_", "[", "]", "|", "\\", "~", "@", "#": result += "&#\(scalar.value);"
    case "`" where !keepsCode: result += "&#96;"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
