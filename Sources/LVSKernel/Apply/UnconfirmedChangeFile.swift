import Glibc
import LVSCore

/// The file that keeps a change which nobody has confirmed yet, beside the memory of the machine: while there is one, an
/// apply that was killed can still be taken back, by another process.
///
/// It is about the kernel's state, so the machine's next start makes it void, and so does the end of its namespace.
public struct UnconfirmedChangeFile: Sendable {
  /// The file's path.
  public let path: String
  private let directory: String

  /// More than a plan of two million real servers takes.
  private static let largest = 512 << 20
  /// More than the first line takes.
  private static let longestHeading = 1 << 16

  /// The file of the machine that a memory is about.
  public init(beside memory: MachineMemoryFile) {
    let end = memory.path.lastIndex(of: ".") ?? memory.path.endIndex
    path = memory.path[..<end] + ".unconfirmed"
    directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// What there is to say of the change that is kept, or nil where none is, or one that is void by now.
  public func heading() throws(SystemError) -> UnconfirmedChange.Heading? {
    guard let descriptor = try open() else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: Self.longestHeading)
    var count = read(descriptor, &bytes, bytes.count)
    while count < 0 && errno == EINTR { count = read(descriptor, &bytes, bytes.count) }
    guard count >= 0 else { throw SystemError(errno: errno, subject: path) }
    guard let (heading, place) = UnconfirmedChange.Heading.read(Array(bytes[..<count].prefix { $0 != 0x0a })) else {
      throw foreign
    }
    return place == (try NetworkNamespace.place()) ? heading : nil
  }

  /// The change that is kept, or nil where none is, or one that is void by now.
  public func change() throws(SystemError) -> UnconfirmedChange? {
    guard let descriptor = try open() else { return nil }
    defer { close(descriptor) }
    let bytes = try contents(of: descriptor, named: path, atMost: Self.largest)
    guard let (change, place) = UnconfirmedChange.read(bytes) else { throw foreign }
    return place == (try NetworkNamespace.place()) ? change : nil
  }

  /// Keeps a change in place of what was kept, whole or not at all.
  public func write(_ change: UnconfirmedChange) throws(SystemError) {
    try StateDirectory.make(directory)
    try writeAtomically(Array(change.lines(try NetworkNamespace.place()).utf8), to: path, mode: 0o600)
  }

  /// Keeps none any more.
  public func remove() throws(SystemError) {
    if unlink(path) != 0 && errno != ENOENT { throw SystemError(errno: errno, subject: path) }
  }

  /// The file, opened where it is nobody else's to write; nil where there is none.
  private func open() throws(SystemError) -> CInt? {
    let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    if descriptor < 0 {
      if errno == ENOENT { return nil }
      throw SystemError(errno: errno, subject: path)
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o022 == 0,
      status.st_uid == 0 || status.st_uid == geteuid()
    else {
      close(descriptor)
      throw SystemError(
        errno: nil, subject: path, details: "this is not a file that root alone can write, so it is not believed")
    }
    return descriptor
  }

  private var foreign: SystemError {
    SystemError(errno: nil, subject: path, details: "this is not a file that lvsctl wrote")
  }
}

extension UnconfirmedChange.Fate {
  /// What becomes of the change that is kept for this network namespace: whoever made it holds the lock for as long as it
  /// lives. Where the lock cannot be looked at the change counts as left.
  public static var current: Self {
    guard let number = try? NetworkNamespace.number() else { return .left }
    let descriptor = Glibc.open(
      "\(StateDirectory.running)/\(number).lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return .left }
    defer { close(descriptor) }
    // Shared and for a moment: an apply that comes in between would not have got beyond the change that is kept.
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 || errno != EWOULDBLOCK { return .left }
    return NamespaceLock.saysAwaiting(descriptor) ? .waiting : .atWork
  }
}

extension ObservationQuery {
  /// What has to be looked at to take a change back.
  public init(_ change: UnconfirmedChange) {
    self.init()
    let states = [change.before, change.after]
    for state in states {
      sysctls.formUnion(state.sysctls.keys)
      if !state.links.isEmpty { readsLinks = true }
      routeInterfaces.formUnion(state.routes.keys.map(\.interface))
      if !state.services.isEmpty { readsServices = true }
      if state.timeouts != Timeouts() { readsTimeouts = true }
      if !state.syncDaemons.isEmpty { readsSyncDaemons = true }
    }
    readsAddresses = true
    readsMarkedRoutes = true
    probableServices = change.before.services
  }
}
