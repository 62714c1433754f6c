import LVSPlan
import LVSRender
import LVSText
import Testing

/// Whole screens of a watch, each at three sizes of terminal, with everything in it that can be wrong.
struct WatchScreenTests {
  static let sizes = [(80, 24), (120, 40), (200, 50)]
  static let screens = [2, 40, 300].flatMap { count in sizes.map { (count, $0.0, $0.1) } }

  static func frame(
    _ view: inout WatchView, _ report: StatusReport, _ columns: Int, _ rows: Int, hasKeys: Bool = true
  ) -> [TextLine] {
    var history = StatusHistory()
    for second in stride(from: 0.0, to: 60, by: 6) { history.note(report, at: second) }
    return view.frame(
      report, CountedRates(), history, columns: columns, rows: rows, interval: "2", hasKeys: hasKeys)
  }

  private func text(_ lines: [TextLine], _ columns: Int) -> String {
    lines.map { $0.text(Style(usesColor: false), width: columns) + "\n" }.joined()
  }

  @Test(arguments: screens)
  func `a screen of so many services is this one`(count: Int, columns: Int, rows: Int) throws {
    var view = WatchView()
    let report = StatusReports.fleet(count).withDriftInPlace()
    let lines = Self.frame(&view, report, columns, rows)
    #expect(lines.count == rows)
    try expectGolden(text(lines, columns), "screen-\(count)-\(columns)x\(rows).txt")
  }

  @Test(arguments: [("t", "machines"), ("d", "drift")])
  func `the other pages are these`(key: String, name: String) throws {
    var view = WatchView()
    let report = StatusReports.fleet(40).withDriftInPlace()
    _ = Self.frame(&view, report, 80, 24)
    for key in WatchKey.keys(in: Array(key.utf8)) { _ = view.press(key) }
    try expectGolden(text(Self.frame(&view, report, 80, 24), 80), "screen-\(name)-80x24.txt")
  }

  private static let small = [2, 20].map { StatusReports.fleet($0).withDriftInPlace() }

  @Test(arguments: [20, 40, 59, 60, 79, 99, 100, 159, 160, 400], [1, 2, 4, 7, 12, 100])
  func `a screen of any size is full and never passes its edges`(columns: Int, rows: Int) {
    for report in Self.small {
      var view = WatchView()
      for key in ["", "t", "d"] {
        for key in WatchKey.keys(in: Array(key.utf8)) { _ = view.press(key) }
        let lines = Self.frame(&view, report, columns, rows)
        #expect(lines.count == rows)
        let texts = lines.map { $0.text(Style(usesColor: false), width: columns) }
        #expect(texts.allSatisfy { displayColumns($0) <= columns })
      }
    }
  }

  @Test func `columns are where they are whatever the data is`() {
    for (columns, rows) in Self.sizes {
      let titles = [2, 40, 300].map { count -> String in
        var view = WatchView()
        let report = count == 2 ? StatusReports.classic() : StatusReports.fleet(count)
        return text(Self.frame(&view, report, columns, rows), columns).split(separator: "\n")
          .first { $0.contains("conn/s") }.map(String.init) ?? ""
      }
      #expect(Set(titles).count == 1 && titles[0] != "")
    }
  }

  @Test func `without keys nothing is marked, and how it ends is said`() {
    var view = WatchView()
    let shown = text(Self.frame(&view, StatusReports.classic(), 80, 24, hasKeys: false), 80)
    #expect(!shown.contains("►"))
    #expect(shown.hasSuffix("^C ends\n"))
  }
}
