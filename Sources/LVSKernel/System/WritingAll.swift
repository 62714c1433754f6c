import Glibc

/// Writes all of some bytes, and waits where a descriptor takes no more for now: whoever shares it may have made it one
/// that does not wait by itself; 0, or an errno.
package func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
  var rest = bytes
  while let start = rest.baseAddress, !rest.isEmpty {
    let written = write(descriptor, start, rest.count)
    if written >= 0 {
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      continue
    }
    let number = errno
    var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    if number == EINTR || (number == EAGAIN && (poll(&polled, 1, -1) > 0 || errno == EINTR)) { continue }
    return number
  }
  return 0
}

/// Writes all of some bytes; 0, or an errno.
func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
}
