import LVSConfig
import LVSText
import Testing

/// The number of faults at the end of a report on a file.
struct FaultCountTests {
  private func count(_ services: String) -> FaultCount {
    let text = """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      services: [\(services)]
      """
    return FaultCount(ClusterFile.read(Array(text.utf8)).diagnostics)
  }

  @Test(arguments: [
    ("{ vip: 10.0.0.9, port: 80, weight: 1 }", "1 error"),
    ("{ vip: 10.0.0.9, port: 80, scheduler: zzz }", "1 warning"),
    ("{ vip: 10.0.0.9, port: 80, weight: 1, scheduler: zzz, ops: true }", "2 errors, 1 warning"),
  ])
  func `errors and warnings are counted apart`(services: String, text: String) {
    #expect(count(services).text == text)
  }

  @Test func `of more faults than are told those that are told are counted, and it is said`() {
    let services = (1...130).map { "{ vip: 10.0.0.9, port: \($0), weight: 1 }" }.joined(separator: ", ")
    #expect(count(services).text == "100 errors and more that are not shown")
  }
}
