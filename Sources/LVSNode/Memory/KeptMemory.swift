import Glibc
import LVSKernel
import LVSModel
import LVSSystem
import LVSText

/// What this machine's earlier applies left to remember, and where it is kept.
public struct KeptMemory {
  /// The file; nil where it is not known, or nothing is to be kept.
  let file: MachineMemoryFile?
  /// What is remembered, or nil where nothing is.
  public let stored: MachineMemory?

  /// What there is to say of a change that nobody has confirmed.
  var unconfirmed: [Finding] { UnconfirmedRecord.findings(beside: file) }

  /// For a change of this machine under its lock: a memory that cannot be read ends it before any step, since what is
  /// written then would take the place of what an undamaged one knows.
  static func forChange(_ events: NodeEvents) throws(NodeFailure) -> KeptMemory {
    let file: MachineMemoryFile
    do {
      file = try MachineMemoryFile()
    } catch {
      throw NodeFailure(describing: error)
    }
    let memory: KeptMemory
    do {
      memory = KeptMemory(file: file, stored: try file.read())
    } catch {
      throw NodeFailure(
        error,
        """
        What lvsctl remembers of this machine cannot be read: \(error). It says what this machine held before the first \
        apply and which role it was given, so it is never overwritten. Nothing was changed. \(advice(error))
        """)
    }
    return try memory.settingBackTransients(events)
  }

  /// Sets back what a run that was killed while it waited for connections held for its own time.
  private func settingBackTransients(_ events: NodeEvents) throws(NodeFailure) -> KeptMemory {
    guard var next = stored, !next.transientSysctls.isEmpty else { return self }
    next.transientSysctls = GracefulRemoval.setBack(next.transientSysctls, report: events.note)
    try write(next)
    return KeptMemory(file: file, stored: next)
  }

  /// For a look alone, which goes on without what cannot be read.
  public static func forLook(_ events: NodeEvents) -> KeptMemory {
    do {
      let file = try MachineMemoryFile()
      return KeptMemory(file: file, stored: try file.read())
    } catch {
      events.note(
        """
        What lvsctl remembers of this machine cannot be read: \(error). Going on without it: a role from an earlier \
        --role, and services of earlier files, are not known.
        """)
      return .nothing
    }
  }

  /// Of a machine of which nothing is remembered, nor will be.
  static var nothing: KeptMemory { KeptMemory(file: nil, stored: nil) }

  private static func advice(_ error: SystemError) -> Message {
    error.isDenied
      ? "Run lvsctl as root." : "Put it right, or move it away to go on without what it says."
  }

  /// Keeps what is to be remembered; `end` says how far it has come.
  ///
  /// What cannot be remembered cannot be taken back later, and a role that is not kept takes the VIPs from a promoted
  /// director with the next plain apply: better a refusal, which names a way out, than an apply that only warns.
  func write(_ memory: MachineMemory, _ end: Message = "Nothing was changed.") throws(NodeFailure) {
    do {
      try file?.write(memory)
    } catch {
      throw NodeFailure(
        error,
        """
        What lvsctl has to remember of this machine cannot be written: \(error). \(end) \
        LVSCTL_STATE_DIR names another directory, which later runs need too.
        """)
    }
  }

  /// Keeps what is left, which may be nothing.
  func keep(_ memory: MachineMemory?, _ end: Message) throws(NodeFailure) {
    if let memory { return try write(memory, end) }
    do {
      try file?.remove()
    } catch {
      throw NodeFailure(error, "What lvsctl remembers of this machine cannot be removed: \(error). \(end)")
    }
  }

  /// Keeps again what was remembered before a run whose steps were taken back; that it could not is only said, since the
  /// run ends with a failure of its own.
  func putBack(_ events: NodeEvents) {
    do {
      try keep(stored, "More is remembered than was kept.")
    } catch {
      events.note(error.message)
    }
  }
}
