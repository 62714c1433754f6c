import Glibc
import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem

/// The file that keeps a change which nobody has confirmed yet, beside the memory of the machine: while there is one, an
/// apply that was killed can still be taken back, by another process.
///
/// It is about the kernel's state, so the machine's next start makes it void, and so does the end of its namespace.
public struct UnconfirmedChangeFile: Sendable {
  private let file: StateFile

  /// More than a plan of two million real servers takes.
  private static let largest = 512 << 20
  /// More than the first line takes.
  private static let longestHeading = 1 << 16

  /// The file of the machine that a memory is about.
  public init(beside memory: MachineMemoryFile) {
    file = StateFile(directory: memory.file.directory, name: memory.file.name.prefix { $0 != "." } + ".unconfirmed")
  }

  /// What there is to say of the change that is kept, or nil where none is, or one that is void by now.
  public func heading() throws(SystemError) -> UnconfirmedChange.Heading? {
    guard let descriptor = try file.open() else { return nil }
    defer { close(descriptor) }
    let bytes = try beginning(of: descriptor, named: file.path, atMost: Self.longestHeading)
    guard let (heading, place) = UnconfirmedChange.Heading.read(Array(bytes.prefix { $0 != 0x0a })) else {
      throw foreign
    }
    return place == (try NetworkNamespace.place()) ? heading : nil
  }

  /// The change that is kept, or nil where none is, or one that is void by now.
  public func change() throws(SystemError) -> UnconfirmedChange? {
    guard let descriptor = try file.open() else { return nil }
    defer { close(descriptor) }
    let bytes = try contents(of: descriptor, named: file.path, atMost: Self.largest)
    guard let (change, place) = UnconfirmedChange.read(bytes) else { throw foreign }
    return place == (try NetworkNamespace.place()) ? change : nil
  }

  /// Keeps a change in place of what was kept, whole or not at all.
  public func write(_ change: UnconfirmedChange) throws(SystemError) {
    try file.write(Array(change.lines(try NetworkNamespace.place()).utf8))
  }

  /// Keeps none any more.
  public func remove() throws(SystemError) { try file.remove() }

  private var foreign: SystemError {
    SystemError(errno: nil, subject: file.path, details: "this is not a file that lvsctl wrote")
  }
}

extension UnconfirmedChange.Fate {
  /// What becomes of the change that is kept for this network namespace: whoever made it holds the lock for as long as it
  /// lives. Where the lock cannot be looked at the change counts as left.
  public static var current: Self {
    guard let number = try? NetworkNamespace.number() else { return .left }
    let lock = StateFile(directory: StateDirectory.running, name: "\(number).lock")
    guard let descriptor = try? lock.open() else { return .left }
    defer { close(descriptor) }
    // Shared and for a moment: an apply that comes in between would not have got beyond the change that is kept.
    guard FileLock.isTaken(descriptor) else { return .left }
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
