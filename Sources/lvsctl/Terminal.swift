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

  /// Writes a result.
  static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Writes a message for the operator, with a newline at its end.
  static func report(_ message: String) {
    if message.isEmpty { return }
    write(message.hasSuffix("\n") ? message : message + "\n", to: STDERR_FILENO)
  }

  /// Writes over the line that stderr's cursor is on, and leaves it there.
  static func overwrite(_ line: String) { write("\r\u{1b}[2K" + line, to: STDERR_FILENO) }

  /// Writes all of a text; where nobody reads it any more the command goes on without.
  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let start = rest.baseAddress, !rest.isEmpty {
        let written = Glibc.write(descriptor, start, rest.count)
        if written < 0 && errno == EINTR { continue }
        if written <= 0 { return }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
    }
  }
}
