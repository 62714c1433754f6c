import Glibc

/// Writes a file beside its place and moves it there, so that a reader sees the old one or the new one whole.
public func writeAtomically(_ bytes: [UInt8], to path: String, mode: mode_t) throws(SystemError) {
  let draft = "\(path).\(getpid()).tmp"
  let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
  guard descriptor >= 0 else { throw SystemError(errno: errno, subject: draft) }
  var rest = bytes[...]
  var failure: Int32 = 0
  while !rest.isEmpty && failure == 0 {
    let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    if written > 0 { rest = rest.dropFirst(written) } else if errno != EINTR { failure = errno }
  }
  if failure == 0 && fsync(descriptor) != 0 { failure = errno }
  close(descriptor)
  if failure == 0 && rename(draft, path) != 0 { failure = errno }
  if failure == 0 { return }
  unlink(draft)
  throw SystemError(errno: failure, subject: path)
}
