import Glibc

/// Whose files are believed: root's, and those of the user who runs lvsctl, as long as nobody else can write them.
///
/// An access control list that lets somebody else write shows in the bits of the group (acl(5)).
enum Trust {
  /// Whether a user is root or the one who runs lvsctl.
  static func isTrusted(_ user: uid_t) -> Bool { user == 0 || user == geteuid() }

  /// Whether others than its owner can write a file or folder.
  static func isOpenToOthers(_ status: stat) -> Bool { status.st_mode & 0o022 != 0 }

  /// What speaks against believing what was found where a thing of some kind (`S_IFREG`, `S_IFDIR`) belongs, in words;
  /// nil where nothing does.
  static func objection(to status: stat, expecting kind: mode_t) -> String? {
    let found = Self.kind(of: status)
    let mode = String(status.st_mode & 0o7777, radix: 8)
    if status.st_mode & S_IFMT != kind {
      let expected = kind == S_IFDIR ? "a folder" : "a file"
      return
        "this is \(found) that belongs to uid \(status.st_uid), where lvsctl keeps \(expected) of its own; remove it"
    }
    if !isTrusted(status.st_uid) {
      return """
        this is \(found) that belongs to uid \(status.st_uid), and lvsctl believes only what belongs to root or to the \
        user who runs it (uid \(geteuid())); if what it says is right, give it to that user (chown)
        """
    }
    if isOpenToOthers(status) {
      return "this is \(found) that others than its owner can write (mode \(mode)); take that from them (chmod go-w)"
    }
    return nil
  }

  /// What a thing of the file system is, in words.
  static func kind(of status: stat) -> String {
    switch status.st_mode & S_IFMT {
    case S_IFREG: "a file"
    case S_IFDIR: "a folder"
    case S_IFLNK: "a symbolic link"
    case S_IFIFO: "a FIFO"
    case S_IFSOCK: "a socket"
    case S_IFBLK: "a block device"
    default: "a device"
    }
  }
}
