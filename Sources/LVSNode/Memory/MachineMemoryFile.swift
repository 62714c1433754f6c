import Glibc
import LVSKernel
import LVSModel
import LVSSystem
import LVSText

/// The file that holds what is remembered of this machine: one for each network namespace.
///
/// `machine.json` is the machine's own, `container.json` a container's, and `netns-NUMBER.json` that of a namespace beside
/// them. The first two say over the machine's starts who it is; the kernel's state is new then, and so is a namespace of
/// the third kind, which has its number from the kernel.
public struct MachineMemoryFile: Sendable {
  let file: StateFile
  /// Whether the machine it is about is the same one after the kernel's next start.
  let outlivesStarts: Bool

  /// The file's path.
  public var path: String { file.path }

  /// More than any machine has to remember: a million VIPs.
  private static let largest = 64 << 20

  /// The file of this network namespace.
  public init() throws(SystemError) {
    let kind = NetworkNamespace.kind
    outlivesStarts = kind != .other
    let name =
      switch kind {
      case .machine: "machine.json"
      case .container: "container.json"
      case .other: "netns-\(try NetworkNamespace.number()).json"
      }
    file = StateFile(directory: StateDirectory.lasting, name: name)
  }

  /// What is remembered, or nil where nothing is.
  ///
  /// Throws where there is a file that cannot be read as one: its errno, or none where it is not what lvsctl writes, or
  /// somebody other than root and this user can have written it.
  public func read() throws(SystemError) -> MachineMemory? {
    guard let descriptor = try file.open() else { return nil }
    defer { close(descriptor) }
    let bytes = try contents(of: descriptor, named: path, atMost: Self.largest)
    let memory: MachineMemory
    let place: MachinePlace
    do throws(MemoryFault) {
      (memory, place) = try MachineMemory.read(bytes)
    } catch {
      throw SystemError(error, in: path)
    }
    if let objection = memory.objection { throw SystemError(errno: nil, subject: path, details: objection) }
    if place == (try NetworkNamespace.place()) { return memory }
    return outlivesStarts ? memory.lasting : nil
  }

  /// Writes the memory in place of what was there, whole or not at all.
  public func write(_ memory: MachineMemory) throws(SystemError) {
    let text = JSONText.pretty(memory.json(try NetworkNamespace.place())) + "\n"
    try file.write(Array(text.utf8))
  }

  /// Forgets everything.
  public func remove() throws(SystemError) { try file.remove() }
}
