import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// What is kept of the change of an `apply --confirm-within` until it is confirmed or taken back.
final class UnconfirmedRecord {
  private let file: UnconfirmedChangeFile
  private let observed: HostState
  private let events: NodeEvents
  private var change: UnconfirmedChange

  /// Keeps a change before its first step; one that could not be taken back by another process is not begun.
  init(
    _ heading: UnconfirmedChange.Heading, _ steps: [Change], before observed: HostState, _ memory: KeptMemory,
    keeping kept: MachineMemory, _ events: NodeEvents
  ) throws(NodeFailure) {
    do throws(SystemError) {
      file = try Self.file()
    } catch {
      throw NodeFailure(describing: error)
    }
    self.observed = observed
    self.events = events
    change = UnconfirmedChange(heading, formerMemory: memory.stored, keptMemory: kept)
    change.addPlanned(steps, before: observed)
    do throws(SystemError) {
      try file.write(change)
    } catch {
      throw NodeFailure(
        error,
        """
        What would take this change back, if its apply were killed, cannot be kept: \(error). Nothing was changed. \
        LVSCTL_STATE_DIR names another directory, which later runs need too.
        """)
    }
  }

  /// Adds steps of a later round, before they are carried out.
  func add(_ steps: [Change]) throws(NodeFailure) {
    if steps.isEmpty { return }
    change.addPlanned(steps, before: observed)
    do throws(SystemError) {
      try file.write(change)
    } catch {
      throw NodeFailure(describing: error)
    }
  }

  /// Keeps what was done in the end, with what is to be remembered when it stays.
  func complete(_ done: [Change], keeping memory: MachineMemory) {
    change.add(done, before: observed)
    change.keptMemory = memory
    change.heading.isComplete = true
    do throws(SystemError) {
      try file.write(change)
    } catch {
      // What was kept before the first step is still there, and takes back what was planned then.
      events.note("What was done in the end cannot be kept: \(error).")
    }
  }

  /// Keeps it no more: it was confirmed, or is taken back.
  func remove() { Self.remove(file, events) }
}

extension UnconfirmedRecord {
  static func file() throws(SystemError) -> UnconfirmedChangeFile {
    UnconfirmedChangeFile(beside: try MachineMemoryFile())
  }

  /// That it cannot be removed is only said: what was to be done is done.
  static func remove(_ file: UnconfirmedChangeFile, _ events: NodeEvents) {
    do throws(SystemError) {
      try file.remove()
    } catch {
      events.note("What was kept of the unconfirmed change cannot be removed: \(error).")
    }
  }

  /// What is kept on this machine, for a change under its lock; nil where nothing is.
  static func kept() throws(NodeFailure) -> (file: UnconfirmedChangeFile, heading: UnconfirmedChange.Heading)? {
    do throws(SystemError) {
      let file = try file()
      return try file.heading().map { (file, $0) }
    } catch {
      throw unreadable(error)
    }
  }

  static func unreadable(_ error: SystemError) -> NodeFailure {
    let advice: Message =
      error.isDenied
      ? "Run lvsctl as root." : "Put it right, or move it away to keep what this machine holds now."
    return NodeFailure(
      error,
      "What is kept of an unconfirmed change cannot be read: \(error). Nothing was changed. \(advice)")
  }

  /// Throws, before anything is changed, where the change of an earlier apply is not confirmed.
  static func refuseBesideOne() throws(NodeFailure) {
    guard let (_, heading) = try kept() else { return }
    throw NodeFailure(
      .locked,
      """
      The change that apply --confirm-within began at \(utcText(heading.since)) on this machine was never confirmed, and \
      its apply was killed. Nothing was changed. lvsctl confirm keeps it, lvsctl apply --take-back takes it back; then \
      run this again.
      """)
  }

  /// What there is to say of a change that is kept, beside other findings; a look goes on without what it cannot read.
  static func findings(beside memory: MachineMemoryFile?) -> [Finding] {
    guard let memory, let heading = try? UnconfirmedChangeFile(beside: memory).heading() else { return [] }
    return [heading.finding(.current)]
  }

  /// What the message of a failed apply says where its change is still there, in whole or in part.
  static let remaining: Message =
    "What is left of it counts as unconfirmed: lvsctl confirm keeps it, lvsctl apply --take-back takes it back."
}
