import Glibc
import LVSSystem

/// A thread of its own, which `join` waits for.
public struct BackgroundThread: Sendable {
  private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private let thread: pthread_t

  public init(_ run: @escaping @Sendable () -> Void) throws {
    let body = Unmanaged.passRetained(Body(run))
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, body.toOpaque())
    guard code == 0 else {
      body.release()
      throw SystemError(errno: code, subject: "a thread")
    }
    self.thread = thread
  }

  /// Waits for its end; to be called once.
  public func join() { pthread_join(thread, nil) }
}
