import LVSModel
import LVSPlan
import LVSText
import Testing

/// Reports leave in blocks, whatever their length.
struct TextSinkTests {
  /// The blocks in which a report leaves.
  private func blocks(_ body: (inout TextSink) -> Void) -> [[UInt8]] {
    var blocks: [[UInt8]] = []
    withoutActuallyEscaping({ blocks.append(Array($0)) }) { (drain: @escaping (UnsafeRawBufferPointer) -> Void) in
      var sink = TextSink(drain)
      body(&sink)
      sink.end()
    }
    return blocks
  }

  /// Expects that what `body` writes is what it is as a whole, in more than one block, and none much longer than it
  /// should be: a piece that is written at once follows what is there.
  private func expectBlocks(_ body: (inout TextSink) -> Void) {
    let blocks = blocks(body)
    #expect(blocks.flatMap { $0 } == Array(TextSink.text(body).utf8))
    #expect(blocks.count > 1 && blocks.allSatisfy { $0.count < TextSink.blockSize + 1024 })
  }

  private static let ports: ClosedRange<UInt16> = 8000...8299

  /// A status of many services, none of which is what a file says.
  private func status() throws -> StatusReport {
    let one = StatusReports.classic()
    let settings = one.services[0].settings
    var services: [ServiceID: VirtualService] = [:]
    for port in Self.ports {
      services[.address(.tcp, Classic.vip, port: port)] = VirtualService(
        settings: settings,
        realServers: [
          RealServerID(address: Classic.web1, port: port): RealServerSettings(),
          RealServerID(address: Classic.web2, port: port): RealServerSettings(),
        ])
    }
    let plan = try Plans.first("director1", file: Plans.wide(ports: Self.ports))
    return StatusReport(
      identity: StatusReports.identity, ipvs: StatusReports.ipvs, services: services,
      drift: StatusReport.Drift(changes: plan.plan.changes))
  }

  @Test func `a status leaves in blocks, in every format`() throws {
    let report = try status()
    expectBlocks { JSONText.writePretty(report.json, to: &$0) }
    expectBlocks { JSONText.writeCompact(report.json, to: &$0) }
    expectBlocks { report.writeText(Style(usesColor: true), to: &$0) }
    expectBlocks { report.writePrometheus(to: &$0) }
  }

  @Test func `a plan leaves in blocks, in every format that is not short`() throws {
    let plan = try Plans.first("director1", file: Plans.wide(ports: 8000...8999))
    expectBlocks { JSONText.writePretty(plan.json, to: &$0) }
    expectBlocks { plan.writeText(Style(usesColor: false), isVerbose: true, to: &$0) }
    expectBlocks { plan.plan.writeCommandLines(to: &$0) }
    let plans = [plan, plan]
    expectBlocks { JSONText.writePretty(plans.json, to: &$0) }
    expectBlocks { plans.writeText(Style(usesColor: false), isVerbose: true, to: &$0) }
  }

  @Test func `a snapshot leaves in blocks`() throws {
    let file = Plans.wide(ports: 8000...8999)
    let snapshot = Snapshot(state: try Classic.target("director1", file: file).state)
    expectBlocks { JSONText.writePretty(snapshot.json, to: &$0) }
  }

  @Test func `what is short leaves at once, and nothing does not leave`() {
    #expect(blocks { for letter in ["a", "b"] { $0.write(letter) } } == [Array("ab".utf8)])
    #expect(blocks { _ in }.isEmpty)
  }

  @Test(arguments: [0, 1, 3])
  func `maps that are made while they are written are the list that they would be`(count: Int) {
    @Sendable func map(_ number: Int) -> JSONText.Value {
      .object([("number", .integer(number)), ("list", .array([]))])
    }
    let numbers = Array(0..<count)
    for (made, whole) in [
      (JSONText.Value.maps(numbers) { map($0) }, JSONText.Value.array(numbers.map(map))),
      (
        .object([("a", .maps(numbers) { .object([("b", .maps([$0]) { map($0) })]) })]),
        .object([("a", .array(numbers.map { .object([("b", .array([map($0)]))]) }))])
      ),
    ] {
      #expect(JSONText.pretty(made) == JSONText.pretty(whole))
      #expect(JSONText.compact(made) == JSONText.compact(whole))
      #expect(made.elements?.count == whole.elements?.count)
    }
  }
}
