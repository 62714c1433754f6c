import Glibc

/// The folders that lvsctl keeps files in: root's alone to write, or that of the user who runs lvsctl.
public enum StateDirectory {
  /// Where LVSCTL_STATE_DIR moves everything; nil where it is not set, or empty.
  private static var moved: String? {
    guard let text = getenv("LVSCTL_STATE_DIR"), text.pointee != 0 else { return nil }
    return withoutTail(String(cString: text))
  }

  /// A path without slashes and dots at its end: with one of them O_NOFOLLOW would follow a link.
  static func withoutTail(_ path: String) -> String {
    var rest = Substring(path)
    while rest.utf8.count > 1 && (rest.hasSuffix("/") || rest.hasSuffix("/.")) { rest = rest.dropLast() }
    return String(rest)
  }

  /// What lasts over the machine's starts.
  public static var lasting: String { moved ?? "/var/lib/lvsctl" }

  /// What ends with the machine's run: not below /run/lock or /tmp, where every user may make files that root's would
  /// have to wait for. A root file system without /run has everything in one place.
  public static var running: String { moved ?? (access("/run", F_OK) == 0 ? "/run/lvsctl" : lasting) }

  /// Opens a folder of these; nil where it is not there.
  ///
  /// Throws where it is not root's, or this user's, or others can write it: whoever can put files there would decide what
  /// lvsctl sets back. Its parents are the operator's to choose; of links among them the kernel alone decides
  /// (fs.protected_symlinks).
  public static func open(_ path: String) throws(SystemError) -> Folder? {
    guard path.hasPrefix("/") else {
      throw SystemError(
        errno: nil, subject: path,
        details: """
          LVSCTL_STATE_DIR is a relative path, which would be another folder wherever lvsctl is started; write it from / on
          """)
    }
    let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
    var descriptor = Glibc.open(path, flags)
    if descriptor < 0 {
      let number = errno
      if number == ENOENT { return nil }
      guard number == ENOTDIR || number == ELOOP else { throw SystemError(errno: number, subject: path) }
      // A link, or no folder.
      let place = try ResolvedPath(path)
      if let link = place.foreignLink {
        throw SystemError(
          errno: nil, subject: path,
          details: "\(link.path) is a symbolic link that belongs to uid \(link.owner), and not to root; remove it")
      }
      guard let found = place.found else { return nil }
      descriptor = openat(place.folder.descriptor, place.name, flags)
      guard descriptor >= 0 else {
        let refusal = errno
        let objection = Trust.objection(to: found, expecting: S_IFDIR)
        throw SystemError(errno: objection == nil ? refusal : nil, subject: path, details: objection)
      }
    }
    let folder = Folder(descriptor, path: path)
    guard let status = folder.status else { throw SystemError(errno: errno, subject: path) }
    if let objection = Trust.objection(to: status, expecting: S_IFDIR) {
      throw SystemError(errno: nil, subject: path, details: objection)
    }
    return folder
  }

  /// Opens a folder of these, and makes it where it is not there yet: others may look into it, and see that there is
  /// nothing for them.
  @discardableResult public static func make(_ path: String) throws(SystemError) -> Folder {
    if let folder = try open(path) { return folder }
    if mkdir(path, 0o755) != 0 && errno != EEXIST { throw SystemError(errno: errno, subject: path) }
    // Whoever was faster has to be root, or this user.
    guard let folder = try open(path) else { throw SystemError(errno: ENOENT, subject: path) }
    return folder
  }
}
