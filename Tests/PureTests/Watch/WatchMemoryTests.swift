import LVSModel
import LVSPlan
import LVSRender
import LVSText
import Testing

/// What a watch makes of one look after the other.
struct WatchMemoryTests {
  private func report(_ connections: UInt64, rate: UInt64 = 0) -> StatusReport {
    var report = StatusReports.classic()
    report.services[0].traffic.connections = connections
    report.services[0].traffic.connectionRate = rate
    return report
  }

  private func rate(_ looks: [(Double, UInt64)]) -> TrafficRates {
    var rates = CountedRates()
    var last = report(0)
    for (time, connections) in looks {
      last = report(connections, rate: 99)
      rates.note(last, at: time)
    }
    return rates.rates(of: last.services[0])
  }

  @Test func `rates are the kernel's until ten seconds are over, and then counted over ten to twenty`() {
    #expect(rate([(0, 0), (9, 3)]).connections == 99)
    #expect(rate([(0, 0), (9, 3)]).isFine == false)
    #expect(rate([(0, 0), (10, 3)]).connections == 0.3)
    #expect(rate([(0, 0), (10, 3)]).isFine)
    #expect(rate([(0, 0), (10, 100), (15, 105)]).connections == 7)
    // From the look at 10, not the one at 0.
    #expect(rate([(0, 0), (10, 100), (20, 104)]).connections == 0.4)
    #expect(rate([(0, 0), (10, 100), (20, 104), (30, 108)]).connections == 0.4)
  }

  @Test func `counters that were set to zero leave the kernel's rates`() {
    #expect(rate([(0, 50), (10, 3)]).connections == 99)
  }

  @Test(arguments: [
    (0.0, true, "0"), (0.04, true, "0"), (0.05, true, "0.1"), (0.3, true, "0.3"), (9.94, true, "9.9"),
    (9.96, true, "10"),
    (7, false, "7"), (1200, true, "1.2k"), (1e30, true, "18E"), (-1, true, "0"),
  ])
  func `a rate has a decimal below ten where it was counted`(rate: Double, isFine: Bool, text: String) {
    #expect(readable(rate: rate, isFine: isFine) == text)
  }

  @Test func `a minute is twenty bars, the latest at the right`() throws {
    var history = StatusHistory()
    var view = WatchView()
    var text = ""
    for second in stride(from: 0, through: 30, by: 3) {
      let look = report(0, rate: UInt64(second))
      history.note(look, at: Double(second))
      let lines = view.frame(
        look, CountedRates(), history, columns: 200, rows: 50, interval: "3", hasKeys: false)
      text =
        lines.map { $0.text(Style(usesColor: false), width: 200) }.first { $0.contains("192.168.147.100:80") } ?? ""
    }
    let bars = text.filter { "▁▂▃▄▅▆▇█".contains($0) }
    #expect(bars.count == 11)
    #expect(bars.first == "▁" && bars.last == "█")
    #expect(bars == String(bars.sorted()))
  }
}
