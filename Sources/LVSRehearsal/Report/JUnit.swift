import LVSText

extension RehearsalReport {
  /// The document of `rehearse --format junit`: a test suite, a case a check, as CI systems read it.
  public var junit: String {
    var text = """
      <?xml version="1.0" encoding="UTF-8"?>
      <testsuites>
      <testsuite name="lvsctl rehearse \(xml(cluster))" tests="\(checks.count)" failures="\(count(.fail))" \
      errors="0" skipped="\(count(.skip))">

      """
    for check in checks {
      let name = check.node.map { "\(check.name.rawValue) \($0)" } ?? check.name.rawValue
      let head = "<testcase classname=\"\(xml(cluster)).\(check.name.rawValue)\" name=\"\(xml(name))\""
      let evidence = xml(check.evidence.text)
      switch check.result {
      case .pass: text += "\(head)><system-out>\(evidence)</system-out></testcase>\n"
      case .fail: text += "\(head)><failure message=\"\(evidence)\"></failure></testcase>\n"
      case .skip: text += "\(head)><skipped message=\"\(evidence)\"></skipped></testcase>\n"
      }
    }
    return text + "</testsuite>\n</testsuites>\n"
  }
}

/// A text as it can stand in an element or an attribute; what XML 1.0 cannot hold has been made printable before.
private func xml(_ text: String) -> String {
  var result = ""
  for character in Printable(text).text {
    switch character {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&apos;"
    default: result.append(character)
    }
  }
  return result
}
