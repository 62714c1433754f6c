import ArgumentParser
import Glibc
import LVSCore

enum ColorChoice: String, CaseIterable, ExpressibleByArgument {
  case auto, always, never
}

/// stdout carries the result, stderr everything else.
enum Terminal {
  /// Whether a stream gets colours: as asked, else where it is a terminal and NO_COLOR is unset or empty.
  static func usesColor(_ choice: ColorChoice, stream: Int32) -> Bool {
    switch choice {
    case .always: true
    case .never: false
    case .auto:
      isatty(stream) == 1 && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
        && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
    }
  }

  /// Writes a result; where there is somebody to read it and no room for it, half of it is no result.
  static func print(_ text: String) throws(Failure) {
    let code = write(text, to: STDOUT_FILENO)
    // A pipe that nobody reads, a terminal that is gone, a stdout that was closed: nobody is misled by what is missing.
    if [0, EPIPE, EIO, EBADF].contains(code) { return }
    throw Failure(.refused, "The result cannot be written to stdout: \(String(cString: strerror(code))).")
  }

  /// Draws on the terminal that stdout is.
  static func draw(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Writes a message for the operator, with a newline at its end.
  static func report(_ message: String) {
    if message.isEmpty { return }
    write(message.hasSuffix("\n") ? message : message + "\n", to: STDERR_FILENO)
  }

  /// Writes over the line that stderr's cursor is on, and leaves it there.
  static func overwrite(_ line: String) { write("\r\u{1b}[2K" + line, to: STDERR_FILENO) }

  /// Writes all of a text, and gives the errno that ended it early, or 0.
  @discardableResult
  private static func write(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let written = Glibc.write(descriptor, start, rest.count)
        if written < 0 && errno == EINTR { continue }
        if written < 0 { return errno }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
      return 0
    }
  }
}
