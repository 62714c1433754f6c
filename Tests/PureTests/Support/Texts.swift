import LVSPlan
import LVSRender
import LVSText

/// What the reports write, as one text.
extension NodePlan {
  func text(_ style: Style, isVerbose: Bool = false) -> String {
    TextSink.text { writeText(style, isVerbose: isVerbose, to: &$0) }
  }

  var markdown: String { TextSink.text { writeMarkdown(to: &$0) } }
}

extension [NodePlan] {
  func text(_ style: Style) -> String { TextSink.text { writeText(style, to: &$0) } }

  var markdown: String { TextSink.text { writeMarkdown(to: &$0) } }

  var commandLines: [String] { splitLines { writeCommandLines(to: &$0) } }
}

extension Plan {
  var commandLines: [String] { splitLines { writeCommandLines(to: &$0) } }
}

extension StatusReport {
  func text(_ style: Style, width: Int? = 80) -> String {
    TextSink.text { writeText(style, width: width, to: &$0) }
  }

  func lines(width: Int) -> [TextLine] {
    var lines: [TextLine] = []
    forEachLine(width: width) { lines.append($0) }
    return lines
  }

  var prometheus: String { TextSink.text { writePrometheus(to: &$0) } }
}

/// The lines of what `body` writes.
private func splitLines(_ body: (inout TextSink) -> Void) -> [String] {
  TextSink.text(body).split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
}
