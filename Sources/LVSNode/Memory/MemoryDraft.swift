import LVSModel
import LVSText

/// The memory as a run changes it: kept before each thing that it is about is done.
final class MemoryDraft {
  var memory: MachineMemory
  private var kept: MachineMemory?
  private let place: KeptMemory

  init(_ place: KeptMemory) {
    self.place = place
    kept = place.stored
    memory = place.stored ?? MachineMemory()
  }

  /// Writes it, where it differs from what was written last; `end` says how far the run has come.
  func keep(_ end: Message = "Nothing was changed.") throws(NodeFailure) {
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
