import Glibc
import Testing

@testable import LVSSystem

struct ProgramTests {
  @Test func `a program's status and its words come back`() throws {
    let shell = try #require(Program(named: "sh"))
    let (status, messages) = try shell.run(["-c", "echo words >&2; exit 3"])
    #expect(status == 3)
    #expect(messages == "words\n")
  }

  @Test func `a program that a signal ends is told apart`() throws {
    let shell = try #require(Program(named: "sh"))
    #expect(try shell.run(["-c", "kill -9 $$"]).status == 128 + SIGKILL)
  }

  @Test func `a program sees neither this process's environment nor its path`() throws {
    let shell = try #require(Program(named: "sh"))
    #expect(try shell.run(["-c", "echo $HOME-$PATH >&2"]).messages == "-/usr/sbin:/usr/bin:/sbin:/bin\n")
  }

  @Test func `what is nowhere is no program`() {
    #expect(Program(named: "no-such-program") == nil)
  }

  @Test func `a program that is started reads, writes and complains where it is told to`() throws {
    try withTemporaryFolder { folder in
      let file = open("\(folder)/all", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
      defer { close(file) }
      #expect(writeAll(Array("words\n".utf8), to: file) == 0)
      lseek(file, 0, SEEK_SET)
      let program = try Program("sh").start(
        ["-c", "read line; echo \"$line were read\"; echo complaint >&2"], input: .descriptor(file),
        output: .descriptor(file), errors: .descriptor(file))
      #expect(try program.wait() == 0)
      #expect(String(decoding: start(of: file, atMost: 99), as: UTF8.self) == "words\nwords were read\ncomplaint\n")
    }
  }

  @Test func `a program that still runs has no status, and one that was waited for has one once`() throws {
    let program = try Program("sleep").start(["1000"])
    #expect(try program.statusIfEnded() == nil)
    program.send(SIGKILL)
    #expect(try program.wait() == 128 + SIGKILL)
    let error = #expect(throws: SystemError.self) { try program.statusIfEnded() }
    #expect(error == SystemError(errno: ECHILD, subject: "sleep"))
  }

  @Test func `a program that outlives a deadline runs on, and one that ends before it has a status`() throws {
    let program = try Program("sleep").start(["1000"])
    #expect(try program.wait(until: Deadline(after: 0)) == nil)
    program.send(SIGKILL)
    #expect(try program.wait(until: Deadline(after: 1000)) == 128 + SIGKILL)
  }

  @Test func `a signal reaches all that a program at the head of its group has started`() throws {
    let ends = try Pipe(subject: "a pipe")
    var shell = Program("sh")
    shell.leadsGroup = true
    let program = try shell.start(["-c", "sleep 1000 & echo; wait"], output: .descriptor(ends.writing))
    close(ends.writing)
    #expect(try beginning(of: ends.reading, named: "pipe", atMost: 9) == [0x0a])
    program.send(SIGKILL)
    #expect(try program.wait() == 128 + SIGKILL)
    // The pipe ends once nobody has it open any more.
    #expect(try contents(of: ends.reading, named: "pipe").isEmpty)
    close(ends.reading)
  }

  @Test func `a program that cannot be started says why`() {
    let error = #expect(throws: SystemError.self) { try Program("/no/such/program").start([]) }
    #expect(error == SystemError(errno: ENOENT, subject: "/no/such/program"))
  }

  @Test func `a program that writes without end is ended`() throws {
    let trouble = #expect(throws: CapturedRun.Trouble.self) {
      try CapturedRun(Program("yes"), [], input: [], atMost: 100_000) { _ in }
    }
    guard case .tooMuch(limit: 100_000) = trouble else {
      Issue.record("\(String(describing: trouble))")
      return
    }
  }

  @Test func `what a program reads may be more than a pipe holds`() throws {
    let input = [UInt8](repeating: 0x61, count: 1 << 20)
    var heard: [String] = []
    let run = try CapturedRun(Program("sh"), ["-c", "echo one >&2; cat; printf two >&2; exit 4"], input: input) {
      heard.append(String(decoding: $0, as: UTF8.self))
    }
    #expect(run.status == 4)
    #expect(run.output == input)
    #expect(heard == ["one", "two"])
  }
}
