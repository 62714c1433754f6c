import Glibc

/// Writes a file beside its place and moves it there, so that a reader sees the old one or the new one whole.
///
/// `mode` is that of a new file. With `keepsAccess` a file that is replaced passes on its mode and, where this process may
/// give files away, its owner and group.
public func writeAtomically(
  _ bytes: [UInt8], to path: String, mode: mode_t, keepsAccess: Bool = false
) throws(SystemError) {
  let draft = "\(path).\(getpid()).tmp"
  let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
  guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path) }
  var old = stat()
  if keepsAccess && lstat(path, &old) == 0 && old.st_mode & S_IFMT == S_IFREG {
    // The owner first: a change of it takes bits of the mode away.
    _ = fchown(descriptor, old.st_uid, old.st_gid)
    _ = fchmod(descriptor, old.st_mode & 0o7777)
  }
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
