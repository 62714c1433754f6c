import Glibc

extension Folder {
  /// Writes a file beside its place in the folder and moves it there, so that a reader sees the old one or the new one
  /// whole.
  ///
  /// `mode` is that of a new file, less the umask. A file that is replaced (`old`) passes on its mode, and where this
  /// process may give files away its owner and group. With `isDurable` the new file is there after a loss of power too.
  ///
  /// A draft has a name that nobody can guess: no other run meets it, and one that a killed run left is in nobody's way.
  /// It stays until somebody removes it, since a run that still writes cannot be told from one that was killed.
  public func replace(
    _ name: String, with bytes: [UInt8], mode: mode_t, passingOn old: stat? = nil, isDurable: Bool = false
  ) throws(SystemError) {
    let draft = ".lvsctl.\(String(UInt64.random(in: .min ... .max), radix: 16)).tmp"
    func refusal(_ number: Int32, _ details: String) -> SystemError {
      SystemError(errno: number, subject: path(of: name), details: details)
    }
    let file = openat(
      descriptor, draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, old == nil ? mode : 0o600)
    guard file >= 0 else { throw refusal(errno, "its draft \(path(of: draft)) cannot be made") }
    if let old { passOn(old, to: file) }
    var number = writeAll(bytes, to: file)
    if number == 0 && fsync(file) != 0 { number = errno }
    close(file)
    guard number == 0 else {
      unlinkat(descriptor, draft, 0)
      throw refusal(number, "its draft \(path(of: draft)) cannot be written")
    }
    guard renameat(descriptor, draft, descriptor, name) == 0 else {
      number = errno
      unlinkat(descriptor, draft, 0)
      throw refusal(number, "what is there cannot be replaced")
    }
    if isDurable { try sync() }
  }

  /// Waits until what has come to the folder, and has left it, outlasts a loss of power; for folders that were opened for
  /// reading.
  public func sync() throws(SystemError) {
    // Some file systems have nothing to wait for, and say EINVAL.
    if fsync(descriptor) != 0 && errno != EINVAL { throw SystemError(errno: errno, subject: path) }
  }

  /// Who may do what with a file, from the one it takes the place of.
  ///
  /// Where others can put files into the folder, only from one of root's, this user's, or the folder's owner's: else they
  /// would say whom the new one belongs to. Bits that lend the owner's rights to whoever executes a file are never passed
  /// on: the old one may be a second name (link(2)) of such a program.
  private func passOn(_ old: stat, to file: Int32) {
    let isOwners =
      Trust.isTrusted(old.st_uid)
      || status.map { !Trust.isOpenToOthers($0) || $0.st_uid == old.st_uid } == true
    guard isOwners else {
      fchmod(file, 0o644)
      return
    }
    // The owner first: a change of it takes bits of the mode away.
    if fchown(file, old.st_uid, old.st_gid) != 0 { _ = fchown(file, uid_t.max, old.st_gid) }
    fchmod(file, old.st_mode & 0o777)
  }
}
