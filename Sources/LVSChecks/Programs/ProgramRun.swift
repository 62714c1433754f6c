import Glibc
import LVSModel
import LVSSystem

/// A program that was started for a question, until it has ended.
final class ProgramRun {
  /// A descriptor that can be read once it has ended; below 0 where the kernel has none, and it has to be looked at.
  let descriptor: Int32
  /// The question that it is for; nil where that is not asked any more.
  weak var enquiry: Enquiry?
  private let running: RunningProgram

  /// Starts the program of some words, its path first.
  init(_ words: [String], for enquiry: Enquiry) throws(Trouble) {
    guard let path = words.first else { throw Trouble(errno: ENOENT, subject: "\(enquiry.question)") }
    var program = Program(path)
    program.environment = ProgramEnvironment.of(enquiry.question)
    program.leadsGroup = true
    program.hearsHeldSignals = true
    program.closesOthers = true
    running = try program.start(Array(words.dropFirst()))
    descriptor = running.endDescriptor()
    self.enquiry = enquiry
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// What has come of it, and of its end nothing is left; nil while it runs.
  func ending() -> Ending? {
    do throws(SystemError) {
      switch try running.endIfEnded() {
      case nil: return nil
      case .exited(0): return .outcome(.passed)
      case .exited(let status): return .outcome(.failed("exec exit status \(status)"))
      case .killed(let signal): return .outcome(.failed("exec ended by signal \(signal)"))
      }
    } catch {
      return .trouble(error)
    }
  }

  /// Kills it, and whatever is in its process group; that it has ended is still to be looked for.
  func kill() { running.send(SIGKILL) }

  /// Waits until it has ended, after it was killed; a second at most.
  func waitForEnd() { _ = try? running.wait(until: Deadline(after: 1)) }
}
