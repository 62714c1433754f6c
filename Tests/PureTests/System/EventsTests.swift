import Glibc
import Testing

@testable import LVSSystem

struct EventsTests {
  @Test func `time passes`() {
    var events = Events()
    let deadline = Deadline(after: 0.001)
    #expect(events.next(until: deadline) == .time)
    #expect(deadline.isOver && deadline.rest == 0)
  }

  @Test func `keys are told together, even where no time is left, and one end of keys is no event`() throws {
    let pipe = try Pipe(subject: "keys")
    defer { close(pipe.reading) }
    var events = Events(keys: pipe.reading)
    #expect(writeAll(Array("\u{1b}[Aq".utf8), to: pipe.writing) == 0)
    #expect(events.next(until: Deadline(after: -1)) == .keys(Array("\u{1b}[Aq".utf8)))
    close(pipe.writing)
    #expect(events.next(until: Deadline(after: 0.001)) == .time)
  }

  @Test func `a socket that can be read from is told from the others`() throws {
    let (quiet, full) = (try Pipe(subject: "quiet"), try Pipe(subject: "full"))
    defer { for end in [quiet.reading, quiet.writing, full.reading, full.writing] { close(end) } }
    var events = Events(sockets: [quiet.reading, full.reading])
    #expect(writeAll([1], to: full.writing) == 0)
    #expect(events.next(until: Deadline(after: 1000)) == .readable(full.reading))
  }

  @Test func `a reader that has gone ends a wait`() throws {
    let pipe = try Pipe(subject: "output")
    defer { close(pipe.writing) }
    var events = Events(reader: pipe.writing)
    #expect(events.next(until: Deadline(after: 0.001)) == .time)
    close(pipe.reading)
    #expect(events.next(until: Deadline(after: 1000)) == .end)
  }
}
