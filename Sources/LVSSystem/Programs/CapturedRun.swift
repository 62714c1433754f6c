import Glibc

/// A program that was run to its end, with what it wrote to stdout.
///
/// It speaks for another machine, so what it writes is bounded, and its stderr does not reach ours as it is.
public struct CapturedRun: Sendable {
  /// Why there is no answer.
  public enum Trouble: Error {
    /// It could not be started, heard or waited for.
    case system(SystemError)
    /// It wrote more than so many bytes, and was ended.
    case tooMuch(limit: Int)
  }

  /// The most that is read, in bytes: a snapshot of a hundred thousand real servers is a tenth of it.
  public static let largest = 256 << 20

  /// The most of its stderr that is passed on, in bytes.
  private static let largestErrors = 64 << 10

  /// The exit status; 128 and the signal where one ended it.
  public var status: Int32
  /// What it wrote.
  public var output: [UInt8]

  /// Runs a program with `input` to read; each line that it writes to stderr is given to `hear` when it is there.
  ///
  /// Throws when it cannot be started, or writes more than `limit` bytes. It has ended then too.
  public init(
    _ program: Program, _ arguments: [String], input: [UInt8], atMost limit: Int = Self.largest,
    hear: (ArraySlice<UInt8>) -> Void
  ) throws(Trouble) {
    do throws(SystemError) {
      // A file instead of a pipe: the program may write before it has read everything.
      let file = try UnnamedFile(holding: input)
      let output = try Pipe(subject: program.path)
      defer { close(output.reading) }
      let (errors, running) = try Self.start(program, arguments, input: file.descriptor, output: output)
      defer { close(errors) }
      var answer = Answer(output: output.reading, errors: errors)
      answer.read(atMost: limit, hear)
      if answer.isTooMuch || answer.trouble != 0 { running.send(SIGKILL) }
      status = try running.wait()
      answer.readLastErrors(hear)
      if answer.trouble != 0 { throw SystemError(errno: answer.trouble, subject: program.path) }
      self.output = answer.bytes
      if !answer.isTooMuch { return }
    } catch {
      throw .system(error)
    }
    throw .tooMuch(limit: limit)
  }

  /// Starts it, closes the ends that it writes to, and gives the one that its stderr is read from.
  private static func start(
    _ program: Program, _ arguments: [String], input: Int32, output: Pipe
  ) throws(SystemError) -> (errors: Int32, RunningProgram) {
    defer { close(output.writing) }
    let errors = try Pipe(subject: program.path)
    defer { close(errors.writing) }
    do throws(SystemError) {
      let running = try program.start(
        arguments, input: .descriptor(input), output: .descriptor(output.writing), errors: .descriptor(errors.writing))
      return (errors.reading, running)
    } catch {
      close(errors.reading)
      throw error
    }
  }

  /// What comes from a program while it runs.
  private struct Answer {
    let output: Int32
    let errors: Int32
    var bytes: [UInt8] = []
    var isTooMuch = false
    /// The errno with which reading ended, 0 where it came to its end.
    var trouble: Int32 = 0
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)
    private var line: [UInt8] = []
    private var heard = 0

    init(output: Int32, errors: Int32) {
      self.output = output
      self.errors = errors
      _ = fcntl(errors, F_SETFL, O_NONBLOCK)
    }

    /// Reads until stdout ends. Stderr may stay open beyond that: an ssh that keeps the connection for others has it.
    mutating func read(atMost limit: Int, _ hear: (ArraySlice<UInt8>) -> Void) {
      var polled = [
        pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
      ]
      while true {
        if uninterrupted({ poll(&polled, 2, -1) }) < 0 {
          trouble = errno
          return
        }
        // A descriptor below 0 is passed over: this one has ended.
        if polled[1].revents != 0, !readErrors(hear) { polled[1].fd = -1 }
        guard polled[0].revents != 0 else { continue }
        let count = buffer.withUnsafeMutableBytes { readNext(output, $0) }
        if count == 0 { return }
        if count < 0 {
          trouble = errno
          return
        }
        if bytes.count + count > limit {
          isTooMuch = true
          bytes = []
          return
        }
        bytes += buffer.prefix(count)
      }
    }

    /// Reads what the program has left on stderr.
    mutating func readLastErrors(_ hear: (ArraySlice<UInt8>) -> Void) {
      while heard <= largestErrors, readErrors(hear) {}
      if !line.isEmpty { hear(line[...]) }
    }

    /// Reads what there is on stderr, and passes whole lines on; false where there is nothing more.
    private mutating func readErrors(_ hear: (ArraySlice<UInt8>) -> Void) -> Bool {
      let count = buffer.withUnsafeMutableBytes { readNext(errors, $0) }
      guard count > 0 else { return false }
      let room = max(0, largestErrors - heard)
      if room > 0, count >= room { hear(ArraySlice("What else it writes to stderr is not shown.".utf8)) }
      heard += count
      line += buffer.prefix(min(count, room))
      while let end = line.firstIndex(of: UInt8(ascii: "\n")) {
        hear(line[..<end])
        line.removeSubrange(...end)
      }
      return true
    }
  }
}
