import CSystem
import Glibc

/// Where a path leads: a folder that is held open, and a name in it.
///
/// The path is followed name by name, and link by link: what was looked at is what is written afterwards, and it is known
/// whose links led there.
struct ResolvedPath {
  /// The folder.
  let folder: Folder
  /// The name in it, of what is no link, or of a link in /proc that leads to an open file (proc_pid_fd(5)).
  let name: String
  /// What is there; nil where nothing is.
  let found: stat?
  /// Whether it is such a link in /proc.
  let isMagicLink: Bool
  /// The path and the owner of a link on the way that belongs to somebody other than root and this user.
  let foreignLink: (path: String, owner: uid_t)?

  /// As many links as the kernel follows (MAXSYMLINKS of linux/namei.h).
  private static let mostLinks = 40

  /// Follows a path to its end; nothing need be there, but for the folder that it would be in.
  init(_ path: String) throws(SystemError) {
    var walk = try Walk(path)
    var folder = walk.start
    while let name = walk.names.popLast() {
      let isLast = walk.names.isEmpty
      if !isLast, let next = walk.enter(name, of: folder) {
        folder = next
        continue
      }
      let found = isLast ? folder.status(of: name) : nil
      let number = errno
      if isLast && (found.map { $0.st_mode & S_IFMT != S_IFLNK } ?? (number == ENOENT)) {
        guard !walk.wantsFolder || found.map({ $0.st_mode & S_IFMT == S_IFDIR }) == true else {
          throw SystemError(errno: found == nil ? ENOENT : ENOTDIR, subject: path, details: "it ends with a slash")
        }
        self.init(folder, name, found, isMagicLink: false, walk.foreignLink)
        return
      }
      if isLast && found == nil { throw SystemError(errno: number, subject: path) }
      if folder.isOfProc {
        guard !isLast else {
          self.init(folder, name, found, isMagicLink: true, walk.foreignLink)
          return
        }
        folder = try walk.enterMagic(name, of: folder)
        continue
      }
      if let root = try walk.follow(name, of: folder, atMost: Self.mostLinks) { folder = root }
    }
    throw SystemError(errno: EISDIR, subject: path)
  }

  private init(
    _ folder: Folder, _ name: String, _ found: stat?, isMagicLink: Bool, _ foreignLink: (path: String, owner: uid_t)?
  ) {
    self.folder = folder
    self.name = name
    self.found = found
    self.isMagicLink = isMagicLink
    self.foreignLink = foreignLink
  }
}

/// A path that is being followed.
private struct Walk {
  /// The names that are still to come, the last one first.
  var names: [String]
  /// Whether the last of them has to be a folder.
  var wantsFolder: Bool
  var foreignLink: (path: String, owner: uid_t)?
  let start: Folder
  private let path: String
  private var links = 0

  private static let folderFlags = __O_PATH | O_DIRECTORY | O_CLOEXEC

  init(_ path: String) throws(SystemError) {
    self.path = path
    // As of a path to the kernel (getname_flags of fs/namei.c).
    guard !path.isEmpty else { throw SystemError(errno: ENOENT, subject: path) }
    start = try Self.open(path.hasPrefix("/") ? "/" : ".", path)
    names = Self.names(path)
    wantsFolder = Self.wantsFolder(path)
  }

  private static func names(_ path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).reversed().compactMap {
      $0.elementsEqual(".".utf8) ? nil : String($0)
    }
  }

  private static func wantsFolder(_ path: String) -> Bool { path.hasSuffix("/") || path.hasSuffix("/.") }

  private static func open(_ folder: String, _ path: String) throws(SystemError) -> Folder {
    let descriptor = Glibc.open(folder, folderFlags)
    guard descriptor >= 0 else { throw SystemError(errno: errno, subject: path, details: "at \(folder)") }
    return Folder(descriptor, path: folder)
  }

  /// A folder in a folder; nil, with errno, where the name is something else, or nothing.
  func enter(_ name: String, of folder: Folder) -> Folder? {
    let descriptor = openat(folder.descriptor, name, Self.folderFlags | O_NOFOLLOW)
    return descriptor < 0 ? nil : Folder(descriptor, path: folder.path(of: name))
  }

  /// The folder that a link in /proc leads to.
  func enterMagic(_ name: String, of folder: Folder) throws(SystemError) -> Folder {
    let descriptor = openat(folder.descriptor, name, Self.folderFlags)
    guard descriptor >= 0 else { throw refusal(at: name, of: folder) }
    return Folder(descriptor, path: folder.path(of: name))
  }

  /// Puts what a link says in the place of its name; returns the root folder where that is where it begins.
  mutating func follow(_ name: String, of folder: Folder, atMost limit: Int) throws(SystemError) -> Folder? {
    let link = openat(folder.descriptor, name, __O_PATH | O_NOFOLLOW | O_CLOEXEC)
    guard link >= 0 else { throw refusal(at: name, of: folder) }
    defer { close(link) }
    var status = stat()
    guard fstat(link, &status) == 0 else { throw refusal(at: name, of: folder) }
    guard status.st_mode & S_IFMT == S_IFLNK else {
      throw SystemError(errno: ENOTDIR, subject: path, details: "\(folder.path(of: name)) is \(Trust.kind(of: status))")
    }
    links += 1
    if links > limit {
      throw SystemError(
        errno: ELOOP, subject: path, details: "at \(folder.path(of: name)), link after link is followed")
    }
    if !Trust.isTrusted(status.st_uid) && foreignLink == nil {
      foreignLink = (folder.path(of: name), status.st_uid)
    }
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlinkat(link, "", &buffer, buffer.count)
    guard count > 0 else { throw refusal(at: name, of: folder) }
    let target = String(decoding: buffer.prefix(count), as: UTF8.self)
    if names.isEmpty { wantsFolder = wantsFolder || Self.wantsFolder(target) }
    names += Self.names(target)
    return target.hasPrefix("/") ? try Self.open("/", path) : nil
  }

  private func refusal(at name: String, of folder: Folder) -> SystemError {
    let number = errno
    let details = number == ENOENT ? "there is no \(folder.path(of: name))" : "at \(folder.path(of: name))"
    return SystemError(errno: number, subject: path, details: details)
  }
}
