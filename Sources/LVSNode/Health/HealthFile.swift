import Glibc
import LVSKernel
import LVSModel
import LVSSystem
import LVSText

/// A file beside the memory of the machine that keeps half of what is known of the health of its real servers:
/// `machine.health` the verdicts, which lvsctld writes, and `machine.drains` what is drained, which is written under the
/// machine's lock.
///
/// What is a real server's own outlives the director's start. A namespace beside the machine's and the containers' ends
/// with it, and so does what is kept of it.
public struct HealthFile: Sendable {
  private let document: HealthDocument
  private let file: StateFile
  private let outlivesStarts: Bool

  /// The file's path.
  public var path: String { file.path }

  /// More than the verdicts on half a million real servers take.
  private static let largest = 256 << 20

  /// The file of the machine that a memory is about.
  public init(_ document: HealthDocument, beside memory: MachineMemoryFile) {
    let ending =
      switch document {
      case .verdicts: ".health"
      case .drains: ".drains"
      }
    self.document = document
    file = StateFile(directory: memory.file.directory, name: memory.file.name.prefix { $0 != "." } + ending)
    outlivesStarts = memory.outlivesStarts
  }

  /// What is kept; nothing where there is no file, or one that is void by now.
  ///
  /// Throws where there is a file that cannot be read as one: its errno, or none where it is not what lvsctl writes, or
  /// somebody other than root and this user can have written it.
  public func read() throws(SystemError) -> Health {
    guard let folder = try StateDirectory.open(file.directory) else { return Health() }
    return try read(in: folder)
  }

  /// The same, in a folder that is open already.
  func read(in folder: Folder) throws(SystemError) -> Health {
    guard let descriptor = try folder.openOwn(file.name, O_RDONLY) else { return Health() }
    defer { close(descriptor) }
    let bytes = try contents(of: descriptor, named: path, atMost: Self.largest)
    let health: Health
    let place: MachinePlace
    do throws(MemoryFault) {
      (health, place) = try document.read(bytes)
    } catch {
      throw SystemError(error, in: path)
    }
    if outlivesStarts { return health }
    return place == (try NetworkNamespace.place()) ? health : Health()
  }

  /// Keeps this half of a health in place of what was kept, whole or not at all; where it says nothing no file is left.
  public func write(_ health: Health) throws(SystemError) {
    let isEmpty =
      switch document {
      case .verdicts: health.verdicts.isEmpty
      case .drains: health.drains.isEmpty
      }
    if isEmpty { return try file.remove() }
    let text = JSONText.pretty(document.json(health, try NetworkNamespace.place())) + "\n"
    try file.write(Array(text.utf8))
  }
}
