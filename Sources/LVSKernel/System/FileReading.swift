import Glibc

/// Bytes that a file under /proc or /sys, or the output of a system program, is not expected to exceed.
///
/// A sysctl is at most a page (proc_do_static_key, proc_dostring) and modules.builtin some tens of KiB.
let largestSystemFile = 1 << 20

/// The bytes of a file under /proc or /sys, which has no size to ask for: all of them, or EFBIG where there are more than
/// `limit`.
package func contents(of path: String, atMost limit: Int = largestSystemFile) throws(SystemError) -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path) }
  defer { close(descriptor) }
  return try contents(of: descriptor, named: path, atMost: limit)
}

/// What can be read from a descriptor to its end: all of it, or EFBIG where there is more than `limit`.
///
/// A part would pass for the whole: a module that is not in the first half of a list would be missing.
package func contents(
  of descriptor: CInt, named subject: String, atMost limit: Int = largestSystemFile
) throws(SystemError) -> [UInt8] {
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count == 0 { return bytes }
    if count < 0 {
      if errno == EINTR { continue }
      throw SystemError(errno: errno, subject: subject)
    }
    if bytes.count + count > limit { throw SystemError(errno: EFBIG, subject: subject) }
    bytes.append(contentsOf: buffer.prefix(count))
    // A large file is not read a page at a time.
    if bytes.count >= buffer.count { buffer = [UInt8](repeating: 0, count: min(buffer.count * 2, 1 << 20)) }
  }
}
