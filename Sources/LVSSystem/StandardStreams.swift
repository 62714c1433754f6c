import Glibc

/// stdin, stdout and stderr.
public enum StandardStreams {
  /// Keeps the places of those that the process was started without: the next socket or file to be opened would take them,
  /// and a report could be written to it.
  public static func hold() {
    var streams = (0, 0, 0)
    withUnsafeMutableBytes(of: &streams) { bytes in
      let polled = bytes.bindMemory(to: pollfd.self)
      for descriptor in STDIN_FILENO...STDERR_FILENO { polled[Int(descriptor)].fd = descriptor }
      // One call for all three, which says POLLNVAL of those that are not there (poll(2)).
      guard poll(polled.baseAddress, 3, 0) > 0 else { return }
      for stream in polled where stream.revents & Int16(POLLNVAL) != 0 {
        // The wrong way round, so that reading and writing there fail as they did; without /dev a socket does, too.
        if open("/dev/null", stream.fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0 {
          _ = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        }
      }
    }
  }
}
