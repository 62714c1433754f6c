import Glibc

/// Where a command writes its report besides stdout: a file, which each report replaces, or a device, a pipe or a socket,
/// which takes one report after the other.
public final class ReportFile {
  private let path: String
  /// What takes reports one after the other; nil for a file.
  private let stream: Int32?

  /// Whether reports follow each other there, and none replaces another.
  public var isStream: Bool { stream != nil }

  /// Finds out what a path leads to, and opens what is no file.
  ///
  /// Throws where nothing can be written there: EISDIR for a folder, ENXIO for a FIFO that nobody reads.
  public init(_ path: String) throws(SystemError) {
    self.path = path
    let place = try ResolvedPath(path)
    if place.isOwnDescriptor {
      stream = try Self.inherited(place.name, path)
      return
    }
    try Self.requireOwnLinks(place, path)
    stream = try Self.stream(place, path)
    if stream == nil { try Self.requireFile(place, path) }
  }

  deinit { if let stream { close(stream) } }

  /// Writes a report: to a file whole or not at all.
  ///
  /// A file's place is looked for anew each time: links, and whose they are, may have changed.
  public func write(_ bytes: [UInt8]) throws(SystemError) {
    guard let stream else {
      let place = try ResolvedPath(path)
      try Self.requireOwnLinks(place, path)
      try Self.requireFile(place, path)
      return try place.folder.replace(place.name, with: bytes, mode: 0o644, passingOn: place.found)
    }
    let number = writeAll(bytes, to: stream)
    if number != 0 { throw SystemError(errno: number, subject: path) }
  }

  /// Throws where somebody else's link led to the place.
  ///
  /// Whoever can make links in the folder of a report could otherwise have root replace any file. The kernel asks whose a
  /// link is in a sticky folder alone, and believes the folder's owner (may_follow_link of fs/namei.c); a folder for
  /// metrics often belongs to whoever reads them.
  private static func requireOwnLinks(_ place: ResolvedPath, _ path: String) throws(SystemError) {
    guard let link = place.foreignLink else { return }
    throw SystemError(
      errno: nil, subject: path,
      details: """
        \(link.path) is a symbolic link that belongs to uid \(link.owner), who would choose what is written to; name that \
        itself, or make the link anew as root or as the user who runs lvsctl
        """)
  }

  /// Throws where a file is not to be put there.
  private static func requireFile(_ place: ResolvedPath, _ path: String) throws(SystemError) {
    guard let found = place.found else { return }
    switch found.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw SystemError(errno: EISDIR, subject: path)
    case S_IFBLK:
      throw SystemError(
        errno: nil, subject: path, details: "this is a block device, and a report would overwrite what it holds")
    default:
      throw SystemError(
        errno: nil, subject: path, details: "there was a file when the command began, and now there is something else")
    }
  }

  // MARK: Streams

  /// What a place takes reports by, one after the other; nil where it is, or would be, a file.
  private static func stream(_ place: ResolvedPath, _ path: String) throws(SystemError) -> Int32? {
    if place.isMagicLink { return try opened(place, path, following: true) }
    switch place.found.map({ $0.st_mode & S_IFMT }) {
    case S_IFCHR: return try opened(place, path, following: false)
    case S_IFIFO:
      try requireOwner(place, path)
      return try opened(place, path, following: false)
    case S_IFSOCK:
      try requireOwner(place, path)
      return try connected(place, path)
    default: return nil
    }
  }

  /// A descriptor that this process was started with, as /dev/stdout and a shell's >(…) name them: written to as it is,
  /// also where it is a file, whose position the shell and others share.
  private static func inherited(_ name: String, _ path: String) throws(SystemError) -> Int32 {
    // What lvsctl opened itself, such as a netlink socket, is closed where a program starts; what it was started with is
    // not.
    guard let number = Int32(name), case let flags = fcntl(number, F_GETFD), flags >= 0, flags & FD_CLOEXEC == 0,
      fcntl(number, F_GETFL) & O_ACCMODE != O_RDONLY
    else {
      throw SystemError(errno: EBADF, subject: path, details: "lvsctl was not started with it open for writing")
    }
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw SystemError(errno: errno, subject: path) }
    return copy
  }

  /// A device or a FIFO, opened without waiting for what is at its other end.
  private static func opened(_ place: ResolvedPath, _ path: String, following: Bool) throws(SystemError) -> Int32 {
    let flags = O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | (following ? 0 : O_NOFOLLOW)
    let descriptor = openat(place.folder.descriptor, place.name, flags)
    guard descriptor >= 0 else {
      let number = errno
      let isUnread = number == ENXIO && place.found.map { $0.st_mode & S_IFMT == S_IFIFO } == true
      throw SystemError(
        errno: number, subject: path, details: isUnread ? "nobody reads from this FIFO; start its reader first" : nil)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, [S_IFCHR, S_IFIFO].contains(status.st_mode & S_IFMT) else {
      close(descriptor)
      throw SystemError(
        errno: nil, subject: path,
        details: "this is \(Trust.kind(of: status)) that another process has open; name it by its own path")
    }
    // From now on a reader may take its time.
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
    return descriptor
  }

  private static func connected(_ place: ResolvedPath, _ path: String) throws(SystemError) -> Int32 {
    let descriptor = try UnixSocket.open()
    // One that takes no more connections is not waited for.
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    let number = UnixSocket.connect(descriptor, place.name, in: place.folder)
    _ = fcntl(descriptor, F_SETFL, 0)
    if number == 0 { return descriptor }
    close(descriptor)
    throw SystemError(errno: number, subject: path, details: "this is a socket, and its owner takes no report")
  }

  /// As the kernel's fs.protected_fifos has it: what somebody put into a folder where everybody may put things is not
  /// written to, since who reads there is anybody's guess.
  private static func requireOwner(_ place: ResolvedPath, _ path: String) throws(SystemError) {
    guard let found = place.found, !Trust.isTrusted(found.st_uid), let folder = place.folder.status else { return }
    guard Trust.isOpenToOthers(folder), folder.st_uid != found.st_uid else { return }
    throw SystemError(
      errno: nil, subject: path,
      details: """
        this is \(Trust.kind(of: found)) that belongs to uid \(found.st_uid), in a folder that others can write; let its \
        reader make it in a folder of its own
        """)
  }
}

extension ResolvedPath {
  /// Whether this is one of this process's own descriptors, as /dev/stdout is.
  fileprivate var isOwnDescriptor: Bool {
    guard isMagicLink, let here = folder.status else { return false }
    return ["/proc/self/fd", "/proc/thread-self/fd"].contains { path in
      var own = stat()
      return stat(path, &own) == 0 && own.st_ino == here.st_ino && own.st_dev == here.st_dev
    }
  }
}
