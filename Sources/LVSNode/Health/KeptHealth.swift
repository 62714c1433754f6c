import LVSKernel
import LVSModel
import LVSSystem
import LVSText

/// Where a session has the health of its real servers from.
enum HealthSource {
  /// For a look alone, which goes on without what cannot be read.
  case look(NodeEvents)
  /// For a change of this machine under its lock: what cannot be read ends it before any step, since a real server that is
  /// down or drained would get its weight back.
  case change
  /// For what does not depend on it.
  case nothing

  /// What is kept beside the memory of the machine; `verdicts`, where somebody has them at hand, stand for those that are.
  func health(beside memory: KeptMemory, verdicts: [CheckRule: Verdict]?) throws(NodeFailure) -> Health {
    var health = Health(verdicts: verdicts ?? [:])
    if case .nothing = self { return health }
    let memoryFile: MachineMemoryFile
    let folder: Folder?
    do throws(SystemError) {
      memoryFile = if let file = memory.file { file } else { try MachineMemoryFile() }
      folder = try StateDirectory.open(memoryFile.file.directory)
    } catch {
      try note(error, "What lvsctl keeps of the health of real servers", Self.verdictsWithout)
      return health
    }
    guard let folder else { return health }
    do throws(SystemError) {
      health.drains = try HealthFile(.drains, beside: memoryFile).read(in: folder).drains
    } catch {
      try note(error, "The list of drained real servers", "those that are drained are taken for those that are not")
    }
    if verdicts != nil { return health }
    do throws(SystemError) {
      health.verdicts = try HealthFile(.verdicts, beside: memoryFile).read(in: folder).verdicts
    } catch {
      try note(error, "What lvsctld found of the health of real servers", Self.verdictsWithout)
    }
    return health
  }

  private static let verdictsWithout: Message = "those that are down are taken for those that are not"

  /// Says what cannot be read, or refuses to go on without it.
  private func note(_ error: SystemError, _ what: Message, _ consequence: Message) throws(NodeFailure) {
    switch self {
    case .look(let events): events.note("\(what) cannot be read: \(error). Going on without it: \(consequence).")
    case .nothing: break
    case .change:
      let advice: Message =
        error.isDenied
        ? "Run lvsctl as root." : "Put it right, or move it away to go on without what it says."
      throw NodeFailure(
        error,
        """
        \(what) cannot be read: \(error). Without it \(consequence), and would get new connections. Nothing was \
        changed. \(advice)
        """)
    }
  }
}
