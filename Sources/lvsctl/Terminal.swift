import ArgumentParser
import Glibc
import LVSKernel
import LVSSystem
import LVSText

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

  /// Writes words as a result.
  static func tell(_ message: Message) { write(message.text, to: STDOUT_FILENO) }

  /// Writes a result that has been made for where it goes: lines with colours, JSON, another format.
  static func print(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// Writes a result while it is made, block by block; once stdout refuses one, nothing follows it.
  static func print(_ body: (inout TextSink) -> Void) {
    var isOpen = true
    withoutActuallyEscaping({ bytes in if isOpen { isOpen = write(bytes, to: STDOUT_FILENO) } }) { drain in
      var sink = TextSink(drain)
      body(&sink)
      sink.end()
    }
  }

  /// Writes a JSON document.
  static func print(json document: JSONText.Value) {
    print { JSONText.writeDocument(document, to: &$0) }
  }

  /// Writes a message for the operator, with a newline at its end.
  static func report(_ message: Message) {
    if message.isEmpty { return }
    write(message.text.hasSuffix("\n") ? message.text : message.text + "\n", to: STDERR_FILENO)
  }

  /// Writes the words of a finding for the operator.
  static func report(_ finding: Finding) { report(finding.message) }

  /// Writes over the line that stderr's cursor is on, and leaves it there.
  static func overwrite(_ line: Message) { write("\r\u{1b}[2K" + line.text, to: STDERR_FILENO) }

  /// The errno with which stdout refused a part of the result, 0 where it took all of it.
  ///
  /// A reader that has gone refuses nothing: it has read as much as it wanted.
  // One thread writes, and reads what it has written.
  nonisolated(unsafe) private(set) static var refusal: Int32 = 0

  /// Writes all of a text; where nobody reads it any more the command goes on without.
  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { _ = write(UnsafeRawBufferPointer($0), to: descriptor) }
  }

  /// Writes all of some bytes; false where that was refused, or nobody reads them any more.
  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    let number = writeAll(bytes, to: descriptor)
    if number == 0 { return true }
    if descriptor == STDOUT_FILENO && !isGone(descriptor, number) { refusal = number }
    return false
  }

  /// Whether an errno says that the other end has gone: a pipe's reader, or a terminal that was hung up.
  private static func isGone(_ descriptor: Int32, _ number: Int32) -> Bool {
    var status = stat()
    return number == EPIPE || (number == EIO && fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }
}
