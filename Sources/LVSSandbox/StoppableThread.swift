import Glibc
import LVSSystem
import Synchronization

/// A thread that goes on until it is stopped.
final class StoppableThread: Sendable {
  /// A byte in it ends the thread.
  private let stopping: Pipe
  private let thread: BackgroundThread
  private let hasStopped = Atomic<Bool>(false)

  /// Begins; what the thread does ends once the descriptor that it is given can be read.
  init(_ body: @escaping @Sendable (_ stopping: Int32) -> Void) throws {
    let stopping = try Pipe(subject: "a pipe")
    self.stopping = stopping
    do {
      thread = try BackgroundThread { body(stopping.reading) }
    } catch {
      for end in [stopping.reading, stopping.writing] { close(end) }
      throw error
    }
  }

  /// Does the same again and again, with pauses of so many seconds.
  convenience init(every seconds: Double, _ body: @escaping @Sendable () -> Void) throws {
    try self.init { stopping in
      var events = Events(sockets: [stopping])
      while events.next(until: Deadline(after: seconds)) == .time { body() }
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
