import CSystem
import Glibc

/// A folder that is held open: what is looked at in it and what is written there lies in one and the same, whatever its
/// path leads to meanwhile.
public final class Folder {
  /// For openat(2) and the like; not for reading where it was opened by O_PATH.
  public let descriptor: Int32
  /// As messages name it.
  let path: String

  /// Takes a descriptor, which it closes.
  init(_ descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// The path of a file in it, for messages.
  public func path(of name: String) -> String {
    switch path {
    case ".": name
    case "/": "/" + name
    default: "\(path)/\(name)"
    }
  }

  /// What the kernel says of the folder itself.
  var status: stat? {
    var status = stat()
    return fstat(descriptor, &status) == 0 ? status : nil
  }

  /// What the kernel says of what has a name in it, a link's own account; nil, with errno, where it says nothing.
  public func status(of name: String) -> stat? {
    var status = stat()
    return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
  }

  /// Whether it lies in /proc, whose links may lead to an open file and not to a path.
  var isOfProc: Bool {
    var system = statfs()
    return fstatfs(descriptor, &system) == 0 && system.f_type == __fsword_t(PROC_SUPER_MAGIC)
  }

  /// Opens a file of the folder that nobody but root and this user can have written, without waiting for anything; nil
  /// where there is none.
  ///
  /// Throws where it is no such file, and says what it is.
  public func openOwn(_ name: String, _ flags: Int32, mode: mode_t = 0o600) throws(SystemError) -> Int32? {
    let descriptor = openat(self.descriptor, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, mode)
    let refusal = errno
    var status = stat()
    let isThere = descriptor >= 0 ? fstat(descriptor, &status) == 0 : false
    if descriptor < 0 {
      if refusal == ENOENT { return nil }
      // A link, a socket, or a folder.
      guard [ELOOP, ENXIO, EISDIR].contains(refusal), let found = self.status(of: name) else {
        throw SystemError(errno: refusal, subject: path(of: name))
      }
      status = found
    }
    let objection = Trust.objection(to: status, expecting: S_IFREG)
    if descriptor >= 0 && isThere && objection == nil { return descriptor }
    if descriptor >= 0 { close(descriptor) }
    throw SystemError(errno: objection == nil ? refusal : nil, subject: path(of: name), details: objection)
  }
}
