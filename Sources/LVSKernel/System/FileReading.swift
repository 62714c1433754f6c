import Glibc

/// The bytes of a file, which under /proc and /sys has no size to ask for.
///
/// One that has more than `limit` bytes is not cut but refused, with EFBIG: half of it would be taken for the whole.
func contents(of path: String, atMost limit: Int = 64 * 1024) throws(SystemError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path) }
  defer { close(descriptor) }
  let bytes = try contents(of: descriptor, named: path, upTo: limit + 1)
  if bytes.count > limit { throw SystemError(errno: EFBIG, subject: path, details: "\(limit) bytes are the most") }
  return bytes
}

/// What can be read from a descriptor to its end, or its first `limit` bytes.
func contents(of descriptor: CInt, named subject: String, upTo limit: Int = 64 * 1024) throws(SystemError) -> [UInt8] {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while bytes.count < limit {
    let count = read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
    if count == 0 { break }
    if count < 0 {
      if errno == EINTR { continue }
      throw SystemError(errno: errno, subject: subject)
    }
    bytes.append(contentsOf: buffer.prefix(count))
    // A large file is not read a page at a time.
    if bytes.count >= buffer.count { buffer = [UInt8](repeating: 0, count: min(buffer.count * 2, 1 << 20)) }
  }
  return bytes
}
