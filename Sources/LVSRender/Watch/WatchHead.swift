import LVSPlan
import LVSText

extension WatchView {
  /// What is said above the rows: all of it where there is room, in two columns on a low screen, and on one that is lower
  /// still the node with its drift and findings, or the node alone.
  func head(
    _ report: StatusReport, _ totals: StatusTotals, columns: Int, rows: Int, interval: String
  ) -> [TextLine] {
    var head = report.head(totals)
    var node = head.node ?? TextLine("IPVS of this machine", .bold)
    node.append(", every \(interval) s", .dim)
    head.node = node
    if rows < 8 { return [node] }
    if rows < 16 { return [node] + head.answers.suffix(report.drift == nil ? 0 : 2) }
    if rows < 40 && columns >= 80 { head.answers = paired(head.answers, at: columns / 2) }
    return head.lines
  }

  private func paired(_ lines: [TextLine], at column: Int) -> [TextLine] {
    let count = (lines.count + 1) / 2
    return (0..<count).map { row in
      row + count < lines.count ? lines[row].joined(to: lines[row + count], at: column) : lines[row]
    }
  }
}
