import Glibc

/// The bytes of a file under /proc or /sys, which has no size to ask for; at most 64 KiB of it.
func contents(of path: String) throws(SystemError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path) }
  defer { close(descriptor) }
  return try contents(of: descriptor, named: path)
}

/// What can be read from a descriptor to its end; at most 64 KiB of it.
func contents(of descriptor: CInt, named subject: String) throws(SystemError) -> [UInt8] {
  let limit = 64 * 1024
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while bytes.count < limit {
    let count = read(descriptor, &buffer, buffer.count)
    if count == 0 { break }
    if count < 0 {
      if errno == EINTR { continue }
      throw SystemError(errno: errno, subject: subject)
    }
    bytes.append(contentsOf: buffer.prefix(count))
  }
  return bytes
}
