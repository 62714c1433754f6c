import Glibc

/// Writes all of some bytes, and waits where a descriptor takes no more for now: whoever shares it may have made it one
/// that does not wait by itself; 0, or an errno.
public func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32 {
  var rest = bytes
  while let start = rest.baseAddress, !rest.isEmpty {
    let written = uninterrupted { write(descriptor, start, rest.count) }
    if written >= 0 {
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      continue
    }
    let number = errno
    if number == EAGAIN {
      var polled = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
      if uninterrupted({ poll(&polled, 1, -1) }) > 0 { continue }
    }
    return number
  }
  return 0
}

/// Writes all of some bytes; 0, or an errno.
public func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
  bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
}

/// Writes the first of some bytes in one write(2), at most `limit` of them: how many were taken, or an errno.
///
/// A pipe that poll(2) calls writable takes PIPE_BUF bytes without waiting, whoever made it (pipe(7)).
public func writeSome(
  _ bytes: [UInt8], to descriptor: Int32, atMost limit: Int = Int(PIPE_BUF)
) -> (count: Int, refusal: Int32) {
  let count = uninterrupted { write(descriptor, bytes, min(limit, bytes.count)) }
  return count < 0 ? (0, errno) : (count, 0)
}

/// Writes bytes to a file that is there in one write(2), as those under /proc/sys want it.
public func writeAtOnce(_ bytes: [UInt8], to path: String) throws(SystemError) {
  let descriptor = open(path, O_WRONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path) }
  defer { close(descriptor) }
  if uninterrupted({ write(descriptor, bytes, bytes.count) }) < 0 { throw SystemError(errno: errno, subject: path) }
}

/// Makes a file that is not there yet, readable by everybody, with these bytes.
public func create(_ path: String, holding bytes: [UInt8]) throws(SystemError) {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
  guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path) }
  defer { close(descriptor) }
  let refusal = writeAll(bytes, to: descriptor)
  if refusal != 0 { throw SystemError(errno: refusal, subject: path) }
}

/// Puts a few bytes in place of all that a file holds, wherever its descriptor stands; 0, or an errno.
public func replaceContents(of descriptor: Int32, with bytes: [UInt8]) -> Int32 {
  guard ftruncate(descriptor, 0) == 0 else { return errno }
  return uninterrupted { pwrite(descriptor, bytes, bytes.count, 0) } < 0 ? errno : 0
}
