import Glibc
import LVSSystem

/// The freshly built lvsctl-apart, which lies beside the test binary.
package let apartPath = besideTests("lvsctl-apart")

/// A program that lvsctl runs apart from this machine, beside the test.
package final class ApartRun {
  private let running: RunningProgram
  private let outputFile: UnnamedFile
  private let errorFile: UnnamedFile
  private var status: Int?

  /// Runs a program by lvsctl-apart with these options, neither of them where it was built if need be; `prefix` are the words of a program that starts it.
  package init(
    _ program: String..., options: [String], lvsctl: String = lvsctlPath, apart: String = apartPath,
    environment: [String] = [], prefix: [String] = []
  ) throws {
    (outputFile, errorFile) = (try UnnamedFile(), try UnnamedFile())
    let words = prefix + [apart, "--lvsctl", lvsctl] + options + ["--"] + program
    var apart = Program(words[0])
    apart.environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"] + environment
    apart.hearsHeldSignals = true
    running = try apart.start(
      Array(words.dropFirst()), output: .descriptor(outputFile.descriptor), errors: .descriptor(errorFile.descriptor))
  }

  deinit {
    guard status == nil else { return }
    running.send(SIGKILL)
    _ = try? running.wait()
  }

  /// What the program has written so far.
  package var output: String { String(decoding: outputFile.contents, as: UTF8.self) }
  package var errors: String { String(decoding: errorFile.contents, as: UTF8.self) }

  /// The process that stands for the program here.
  package var id: pid_t { running.id }

  /// The processes that it came to need.
  package var processes: [ProcessIdentity] { ProcessIdentity.descendants(of: id) }

  /// Waits for the end; the exit status, or 128 plus the number of a signal.
  package func wait() throws -> Int {
    if let status { return status }
    guard let ended = try running.wait(until: Deadline(after: Double(60 * patience))) else {
      throw TestFailure(description: "what runs apart does not end: \(output)\(errors)")
    }
    status = Int(ended)
    return Int(ended)
  }

  /// Waits until the program has written this.
  package func waitFor(_ text: String) throws {
    try waitFor("\(text): \(output)\(errors)") { output.contains(text) }
  }

  /// Waits until something is so.
  package func waitFor(_ what: @autoclosure () -> String, _ condition: () throws -> Bool) throws {
    let deadline = Deadline(after: Double(60 * patience))
    while try !condition() {
      guard !deadline.isOver else { throw TestFailure(description: "this did not come: \(what())") }
      Monotonic.pause(0.01)
    }
  }
}
