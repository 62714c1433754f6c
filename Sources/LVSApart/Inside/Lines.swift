import Glibc
import LVSSystem

/// By what the inside talks with the outside: pipes, or the serial lines of a kernel, which end in pipes outside.
struct Lines {
  var keys: Int32
  var output: Int32
  var errors: Int32
  var report: Int32
  /// Whether they are terminals, which pass on what was written only after a while.
  private var areTerminals: Bool

  /// Pipes that this process was started with.
  static var inherited: Lines {
    Lines(
      keys: JobDescriptors.keys, output: JobDescriptors.output, errors: JobDescriptors.errors,
      report: JobDescriptors.report, areTerminals: false)
  }

  /// The serial lines of user-mode Linux, below a folder of devices.
  static func serial(in folder: String) throws(SystemError) -> Lines {
    var lines: [Int32] = []
    for number in 0..<4 {
      let path = "\(folder)/ttyS\(number)"
      let line = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)
      var mode = termios()
      guard line >= 0, tcgetattr(line, &mode) == 0 else { throw SystemError(errno: errno, subject: path) }
      cfmakeraw(&mode)
      guard tcsetattr(line, TCSANOW, &mode) == 0 else { throw SystemError(errno: errno, subject: path) }
      lines.append(line)
    }
    return Lines(keys: lines[0], output: lines[1], errors: lines[2], report: lines[3], areTerminals: true)
  }

  /// Tells the outside something, behind all that the program has written.
  func tell(_ report: Report) {
    if areTerminals { for line in [output, errors] { tcdrain(line) } }
    _ = writeAll(Array(report.line.utf8), to: self.report)
    if areTerminals { tcdrain(self.report) }
  }
}
