import Glibc
import LVSKernel
import LVSModel
import LVSNode
import LVSSystem
import LVSText

/// What this machine's earlier applies left to remember.
struct Memory {
  private let file: MachineMemoryFile?
  /// What is remembered, or nil where nothing is.
  let stored: MachineMemory?

  /// What there is to say of a change that nobody has confirmed.
  var unconfirmed: [Finding] { UnconfirmedRecord.findings(beside: file) }

  /// For a command that changes this machine, and holds its lock: a memory that cannot be read ends it before any step,
  /// since what is written then would take the place of what an undamaged one knows.
  static func forChange() throws(Failure) -> Memory {
    let file: MachineMemoryFile
    do {
      file = try MachineMemoryFile()
    } catch {
      throw Failure(describing: error)
    }
    let memory: Memory
    do {
      memory = Memory(file: file, stored: try file.read())
    } catch {
      throw Failure(
        error.status,
        """
        What lvsctl remembers of this machine cannot be read: \(error). It says what this machine held before the first \
        apply and which role it was given, so it is never overwritten. Nothing was changed. \(advice(error))
        """)
    }
    return try memory.settingBackTransients()
  }

  /// Sets back what a run that was killed while it waited for connections held for its own time.
  private func settingBackTransients() throws(Failure) -> Memory {
    guard var next = stored, !next.transientSysctls.isEmpty else { return self }
    next.transientSysctls = GracefulRemoval.setBack(next.transientSysctls, report: Terminal.report)
    try write(next)
    return Memory(file: file, stored: next)
  }

  /// For a command that looks alone, which goes on without what cannot be read.
  static func forLook() -> Memory {
    do {
      let file = try MachineMemoryFile()
      return Memory(file: file, stored: try file.read())
    } catch {
      Terminal.report(
        """
        What lvsctl remembers of this machine cannot be read: \(error). Going on without it: a role from an earlier \
        --role, and services of earlier files, are not known.
        """)
      return Memory(file: nil, stored: nil)
    }
  }

  private static func advice(_ error: SystemError) -> Message {
    error.isDenied
      ? "Run lvsctl as root." : "Put it right, or move it away to go on without what it says."
  }

  /// Keeps what is to be remembered; `end` says how far the command has come.
  ///
  /// What cannot be remembered cannot be taken back later, and a role that is not kept takes the VIPs from a promoted
  /// director with the next plain apply: better a refusal, which names a way out, than an apply that only warns.
  func write(_ memory: MachineMemory, _ end: Message = "Nothing was changed.") throws(Failure) {
    do {
      try file?.write(memory)
    } catch {
      throw Failure(
        error.status,
        """
        What lvsctl has to remember of this machine cannot be written: \(error). \(end) \
        LVSCTL_STATE_DIR names another directory, which later runs need too.
        """)
    }
  }

  /// Keeps what is left, which may be nothing.
  func keep(_ memory: MachineMemory?, _ end: Message) throws(Failure) {
    if let memory { return try write(memory, end) }
    do {
      try file?.remove()
    } catch {
      throw Failure(error.status, "What lvsctl remembers of this machine cannot be removed: \(error). \(end)")
    }
  }

  /// Keeps again what was remembered before a run whose steps were taken back; that it could not is only said, since the
  /// run ends with a failure of its own.
  func putBack() {
    do {
      try keep(stored, "More is remembered than was kept.")
    } catch {
      Terminal.report(error.message)
    }
  }
}

/// The memory as a run changes it: kept before each thing that it is about is done.
final class MemoryDraft {
  var memory: MachineMemory
  private var kept: MachineMemory?
  private let place: Memory

  init(_ place: Memory) {
    self.place = place
    kept = place.stored
    memory = place.stored ?? MachineMemory()
  }

  /// Writes it, where it differs from what was written last; `end` says how far the command has come.
  func keep(_ end: Message = "Nothing was changed.") throws(Failure) {
    if memory == kept { return }
    try place.write(memory, end)
    kept = memory
  }

  /// Keeps what sysctls are to be set back to that are about to be set for a while.
  func keepTransient(_ former: [String: String]) throws {
    memory.transientSysctls = former
    try keep("Nothing was changed by it.")
  }
}
