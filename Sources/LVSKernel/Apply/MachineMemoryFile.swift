import Glibc
import LVSCore

/// The file that holds what is remembered of this machine: one for each network namespace.
///
/// `machine.json` is the machine's own, `container.json` a container's, and `netns-NUMBER.json` that of a namespace beside
/// them. The first two say over the machine's starts who it is; the kernel's state is new then, and so is a namespace of
/// the third kind, which has its number from the kernel.
public struct MachineMemoryFile: Sendable {
  /// The file's path.
  public let path: String
  private let directory: String
  private let outlivesStarts: Bool

  /// More than any machine has to remember: a million VIPs.
  private static let largest = 64 << 20

  /// The file of this network namespace.
  public init() throws(SystemError) {
    directory = StateDirectory.lasting
    let kind = NetworkNamespace.kind
    outlivesStarts = kind != .other
    switch kind {
    case .machine: path = "\(directory)/machine.json"
    case .container: path = "\(directory)/container.json"
    case .other: path = "\(directory)/netns-\(try NetworkNamespace.number()).json"
    }
  }

  /// What is remembered, or nil where nothing is.
  ///
  /// Throws where there is a file that cannot be read as one: its errno, or none where it is not what lvsctl writes.
  public func read() throws(SystemError) -> MachineMemory? {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try contents(of: path, atMost: Self.largest)
    } catch {
      if error.errno == ENOENT { return nil }
      throw error
    }
    let memory: MachineMemory
    let place: MachinePlace
    do throws(MemoryFault) {
      (memory, place) = try MachineMemory.read(bytes)
    } catch {
      throw SystemError(
        errno: nil, subject: path,
        details: "this is not a file that lvsctl wrote: line \(error.position.line), column \(error.position.column): "
          + "\(error.message)")
    }
    if place == (try NetworkNamespace.place()) { return memory }
    return outlivesStarts ? memory.lasting : nil
  }

  /// Writes the memory in place of what was there, whole or not at all.
  public func write(_ memory: MachineMemory) throws(SystemError) {
    try StateDirectory.make(directory)
    let text = JSONText.pretty(memory.json(try NetworkNamespace.place())) + "\n"
    try writeAtomically(Array(text.utf8), to: path, mode: 0o600)
  }

  /// Forgets everything.
  public func remove() throws(SystemError) {
    if unlink(path) != 0 && errno != ENOENT { throw SystemError(errno: errno, subject: path) }
  }
}
