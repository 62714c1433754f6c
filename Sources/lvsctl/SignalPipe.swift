import Glibc

/// The end that handlers write to; they can reach nothing but a global.
nonisolated(unsafe) private var signalPipeEnd: Int32 = -1

/// Signals as bytes of a pipe, so that poll(2) can wait for them beside other things.
struct SignalPipe {
  /// What poll waits on.
  let descriptor: Int32

  /// Turns these signals into bytes from now on; nil, with errno set, where no pipe can be made.
  ///
  /// A signal that is ignored, as SIGHUP is below nohup(1), stays ignored.
  init?(_ numbers: [Int32]) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    descriptor = ends[0]
    signalPipeEnd = ends[1]
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
  func next() -> Int32? {
    var byte: UInt8 = 0
    return read(descriptor, &byte, 1) == 1 ? Int32(byte) : nil
  }
}
