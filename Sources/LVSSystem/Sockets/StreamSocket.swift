import Glibc

/// Sockets of connections, of whatever family.
public enum StreamSocket {
  /// Takes the next connection; nil where there is none, or it has gone by now.
  public static func accept(_ descriptor: Int32) -> Int32? {
    let peer = uninterrupted { Glibc.accept(descriptor, nil, nil) }
    return peer < 0 ? nil : peer
  }

  /// Sends a few bytes, whether somebody is there to take them or not, and raises no SIGPIPE; 0, or an errno where they
  /// were not all taken.
  @discardableResult
  public static func send(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    let count = uninterrupted { Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) }
    if count < 0 { return errno }
    return count == bytes.count ? 0 : EAGAIN
  }
}
