import Glibc
import LVSSystem
import Synchronization

/// A thread that does the same again and again, with a pause, until it is stopped.
final class Rounds: Sendable {
  /// A byte in it ends the thread.
  private let stopping: Pipe
  private let thread: BackgroundThread
  private let hasStopped = Atomic<Bool>(false)

  /// Begins, with pauses of so many seconds.
  init(every seconds: Double, _ body: @escaping @Sendable () -> Void) throws {
    let stopping = try Pipe(subject: "a pipe")
    self.stopping = stopping
    do {
      thread = try BackgroundThread {
        var events = Events(sockets: [stopping.reading])
        while events.next(until: Deadline(after: seconds)) == .time { body() }
      }
    } catch {
      for end in [stopping.reading, stopping.writing] { close(end) }
      throw error
    }
  }

  deinit { stop() }

  /// Ends it; false where that has been done before.
  @discardableResult
  func stop() -> Bool {
    if hasStopped.exchange(true, ordering: .relaxed) { return false }
    _ = writeAll([0], to: stopping.writing)
    thread.join()
    for end in [stopping.reading, stopping.writing] { close(end) }
    return true
  }
}
