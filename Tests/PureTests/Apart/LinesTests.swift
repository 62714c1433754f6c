import Glibc
import LVSSystem
import Testing

@testable import LVSApart

/// What goes to and fro between this machine and a program that is apart.
struct LinesTests {
  private var assignment: Assignment {
    var job = ApartJob(["/bin/echo", "", "two words\n"], firstProcess: ["/usr/bin/lvsctl", "apart-first-process"])
    job.files = [("empty", []), ("bytes", [UInt8](0...255))]
    job.environment = ["A=B=C"]
    job.shared = "/srv/x"
    return Assignment(job, terminal: TerminalSize(rows: 300, columns: 1))
  }

  @Test func `an assignment fills whole sectors, and is read back from a disk with more of them`() throws {
    let bytes = assignment.bytes
    #expect(bytes.count % 512 == 0)
    let disk: [UInt8] = bytes + [UInt8](repeating: 0, count: 1024)
    let read = try #require(Assignment(disk))
    #expect(read == assignment)
    #expect(read.program == ["/bin/echo", "", "two words\n"])
    #expect(read.files[1].bytes == [UInt8](0...255))
    #expect(read.shared == "/srv/x")
    #expect(read.terminal == TerminalSize(rows: 300, columns: 1))
  }

  @Test func `an assignment that is cut, or whose numbers are too large, is none`() {
    let bytes = assignment.bytes
    // What comes behind is zeros, and need not be there.
    let end = 8 + (Int(bytes[1]) << 8 | Int(bytes[0]))
    for count in 0..<end {
      let isThere = Assignment(Array(bytes.prefix(count))) != nil
      #expect(!isThere, "\(count)")
    }
    for index in 0..<16 {
      var bent = bytes
      bent[index] = 0xff
      #expect(Assignment(bent) == nil, "\(index)")
    }
  }

  @Test func `keys and sizes come as they were sent, however they are cut`() {
    let long = [UInt8](repeating: 0x61, count: 1024)
    let messages: [[UInt8]] = [
      Keys.message([3]), Keys.message(TerminalSize(rows: 24, columns: 80)), Keys.message(long), Keys.message([]),
    ]
    var arrived: [UInt8] = []
    var arrivals: [Keys.Arrival] = []
    for byte in messages.joined() {
      arrived.append(byte)
      while let arrival = Keys.take(&arrived) { arrivals.append(arrival) }
    }
    #expect(arrived.isEmpty)
    #expect(arrivals == [.keys([3]), .size(TerminalSize(rows: 24, columns: 80)), .keys(long), .keys([])])
  }

  @Test func `a report is a line, and one that says nothing known is passed over`() {
    let reports: [Report] = [
      .guarding(group: 77), .begun, .failed("no such file"), .ended(status: 137, output: 0, errors: 1 << 40),
    ]
    var reader = ReportReader()
    var read: [Report] = []
    let lines: [String] = ["guarding -1\n", "ended 1\n", "\n"] + reports.map(\.line)
    for line in lines {
      for byte in line.utf8 { read += reader.take([byte]) }
    }
    #expect(read == reports)
    #expect(Report.failed("two\nlines").line == "failed two lines\n")
  }

  @Test func `a target that takes no more does not stop what comes from the source`() throws {
    OwnSignals.ignoreBrokenPipes()
    let (source, target) = (try Pipe(subject: "a pipe"), try Pipe(subject: "a pipe"))
    close(target.reading)
    let flow = Flow(from: source.reading, to: target.writing)
    for _ in 0..<3 {
      #expect(writeAll([1, 2, 3], to: source.writing) == 0)
      flow.take()
      if flow.wantsRoom { flow.give() }
    }
    close(source.writing)
    flow.take()
    #expect(flow.isDone)
    #expect(flow.taken == 9)
    #expect(flow.refusal == EPIPE)
    for descriptor in [source.reading, target.writing] { close(descriptor) }
  }
}
