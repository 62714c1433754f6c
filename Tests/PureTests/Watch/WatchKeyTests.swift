import LVSModel
import LVSPlan
import LVSRender
import LVSText
import Testing

struct WatchKeyTests {
  @Test(arguments: [
    ("\u{1b}[A", [WatchKey.up]), ("\u{1b}OB", [.down]), ("\u{1b}[5~\u{1b}[6~", [.pageUp, .pageDown]),
    ("\u{1b}[H\u{1b}[F", [.home, .end]), ("\u{1b}[1~\u{1b}[4~", [.home, .end]), ("\u{1b}", [.escape]), ("\r", [.enter]),
    ("\u{7f}\u{8}", [.backspace, .backspace]), ("é/", [.text("é"), .text("/")]), ("\u{1b}[1;5C", []),
    ("\u{1b}[200~q", [.text("q")]), ("\u{1b}[", []), ("\u{1}\u{0}", []),
  ])
  func `bytes of a terminal are these keys`(bytes: String, keys: [WatchKey]) {
    #expect(WatchKey.keys(in: Array(bytes.utf8)) == keys)
  }

  /// A view of forty services on a screen of eighty columns, after some keys pressed one by one.
  private func pressed(
    _ keys: String, _ report: StatusReport = StatusReports.fleet(40).withDriftInPlace()
  ) -> (view: WatchView, lines: [String]) {
    var view = WatchView()
    var lines = WatchScreenTests.frame(&view, report, 80, 24)
    for key in WatchKey.keys(in: Array(keys.utf8)) {
      _ = view.press(key)
      lines = WatchScreenTests.frame(&view, report, 80, 24)
    }
    return (view, lines.map { $0.text(Style(usesColor: false), width: 80) })
  }

  private func marked(_ lines: [String]) -> String { lines.first { $0.dropFirst().hasPrefix("►") } ?? "" }

  @Test func `what is wrong comes first, and the mark is there`() {
    let lines = pressed("").lines
    #expect(marked(lines).contains("10.0.0.0:80") || marked(lines).contains("front-0"))
    #expect(lines.last?.hasPrefix("1-") == true && lines.last?.contains(" of 40 ") == true)
  }

  @Test func `the mark moves, and the page with it`() {
    let first = pressed("").lines
    let second = pressed("j").lines
    #expect(marked(first) != marked(second) && marked(second) != "")
    #expect(marked(pressed("jk").lines) == marked(first))
    let last = pressed("G").lines
    #expect(last.last?.contains("-40 of 40") == true)
    #expect(marked(pressed("Gg").lines) == marked(first))
    #expect(marked(pressed(String(repeating: "j", count: 100)).lines) == marked(last))
    #expect(pressed("  ").lines.last?.hasPrefix("1-") == false)
  }

  @Test func `Enter shows the real servers of a service, and again does not`() {
    let open = pressed("\r").lines
    #expect(open.count { $0.contains("web-") } == 4)
    #expect(open.last?.contains(" of 44 ") == true)
    #expect(pressed("\r\r").lines == pressed("").lines)
    // Of two services all is shown, and Enter closes one.
    let report = StatusReports.fleet(2).withDriftInPlace()
    #expect(pressed("", report).lines.count { $0.contains("web-") } == 8)
    #expect(pressed("\r", report).lines.count { $0.contains("web-") } == 4)
  }

  @Test func `s goes through the orders`() {
    var orders: [StatusOrder] = []
    for count in 0...StatusOrder.allCases.count {
      orders.append(pressed(String(repeating: "s", count: count)).view.order)
    }
    #expect(orders == [.state, .name, .active, .rate, .weight, .state])
    #expect(pressed("ss").lines.contains { $0.contains("sort:active") })
  }

  @Test func `a filter is typed, kept by Enter and dropped by Escape`() {
    let typing = pressed("/10.0.0.1")
    #expect(typing.view.isTyping)
    #expect(typing.lines.last?.hasPrefix("/10.0.0.1_") == true)
    let kept = pressed("/10.0.0.38\r")
    #expect(!kept.view.isTyping && kept.lines.contains { $0.contains("10.0.0.38") })
    #expect(kept.lines.last?.contains("of 5 ") == true || kept.lines.last?.contains("of 1 ") == true)
    #expect(pressed("/10.0.0.38\r\u{1b}").view.filter == "")
    #expect(pressed("/10.0.0.38\u{1b}").lines == pressed("").lines)
    #expect(pressed("/xq\u{7f}").view.filter == "x")
    let nothing = pressed("/nobody\r").lines
    #expect(nothing.contains { $0.contains("Nothing here has `nobody`: Esc shows all.") })
    // A letter that means something elsewhere is a letter here.
    #expect(pressed("/q").view.filter == "q")
    #expect(pressed("/DOWN\r").lines.count { $0.hasPrefix("! ") || $0.hasPrefix("!►") } >= 1)
  }

  @Test func `t has a row a real server, and Enter its services`() {
    let machines = pressed("t")
    #expect(machines.view.page == .machines)
    #expect(machines.lines.last?.contains(" of 12 ") == true)
    let services = pressed("tss\r")
    #expect(services.view.page == .services && services.view.filter != "")
    #expect(pressed("tt").view.page == .services)
  }

  @Test func `d shows the drift, and Escape goes back`() {
    let drift = pressed("d")
    #expect(drift.lines.contains { $0.contains("Drift, live → file:") })
    #expect(drift.lines.contains { $0.contains("web-9 (192.168.147.9) is reached through the gateway") })
    #expect(pressed("d\u{1b}").view.page == .services)
    #expect(pressed("d", StatusReports.classic()).lines.contains("No drift and no findings."))
  }

  @Test(arguments: ["q", "Q"])
  func `q ends it`(key: String) {
    var view = WatchView()
    let goesOn = view.press(.text(Character(key)))
    #expect(!goesOn)
  }

  @Test func `the mark stays with its service when others change places`() {
    var view = WatchView()
    let report = StatusReports.fleet(40).withDriftInPlace()
    _ = WatchScreenTests.frame(&view, report, 80, 24)
    for _ in 0..<3 { _ = view.press(.down) }
    func marked() -> String {
      let lines = WatchScreenTests.frame(&view, report, 80, 24).map { $0.text(Style(usesColor: false), width: 80) }
      return self.marked(lines)
    }
    let before = marked()
    _ = view.press(.text("s"))
    #expect(marked() == before)
  }
}
