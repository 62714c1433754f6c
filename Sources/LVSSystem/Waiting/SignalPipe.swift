import CSystem
import Glibc

/// The end that handlers write to; they can reach nothing but a global.
nonisolated(unsafe) private var signalPipeEnd: Int32 = -1

/// Signals as bytes of a pipe, so that poll(2) can wait for them beside other things.
public struct SignalPipe: Sendable {
  /// What poll waits on.
  public let descriptor: Int32

  /// Turns these signals into bytes from now on.
  ///
  /// A signal that is ignored, as SIGHUP is below nohup(1), stays ignored.
  public init(_ numbers: [Int32]) throws(SystemError) {
    let ends = try Pipe(nonblocking: true, subject: "a pipe")
    descriptor = ends.reading
    signalPipeEnd = ends.writing
    for number in numbers {
      var action = sigaction()
      sigaction(number, nil, &action)
      let isIgnored = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1  // SIG_IGN
      if isIgnored { continue }
      signal(number) { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(signalPipeEnd, &byte, 1)
        errno = saved
      }
    }
  }

  /// The next signal that came, nil where none has.
  public func next() -> Int32? {
    var byte: UInt8 = 0
    let count = withUnsafeMutableBytes(of: &byte) { readNext(descriptor, $0) }
    return count == 1 ? Int32(byte) : nil
  }
}
