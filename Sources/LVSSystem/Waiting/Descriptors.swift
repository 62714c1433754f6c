import Glibc

/// Descriptors that are waited for, both ways at once, with one poll(2).
public enum Descriptors {
  /// Waits until one of them can be read from or written to, has ended or failed, or the time has come; gives those. Where
  /// there is no time to wait for, nil. A signal may end it earlier, with none.
  public static func wait(
    reading: [Int32], writing: [Int32], until deadline: Deadline?
  ) -> (reading: Set<Int32>, writing: Set<Int32>) {
    var polled = reading.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    polled += writing.map { pollfd(fd: $0, events: Int16(POLLOUT), revents: 0) }
    // Rounded up: a poll of 0 milliseconds before the time would spin.
    let milliseconds = deadline.map { Int32(clamping: Int((min($0.rest, 1e6) * 1000).rounded(.up))) } ?? -1
    guard poll(&polled, nfds_t(polled.count), milliseconds) > 0 else { return ([], []) }
    func ready(_ part: ArraySlice<pollfd>) -> Set<Int32> { Set(part.filter { $0.revents != 0 }.map(\.fd)) }
    return (ready(polled[..<reading.count]), ready(polled[reading.count...]))
  }
}
