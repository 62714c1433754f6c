import Glibc
import LVSCore
import LVSKernel

/// What this node's earlier applies left to remember; where it cannot be kept, that is said and the command goes on.
struct Memory {
  private let file: NodeMemoryFile

  init(_ session: NodeSession) {
    file = NodeMemoryFile(cluster: session.file.name, node: session.node.name)
  }

  /// What is remembered; nothing where there is no file.
  func read() -> NodeMemory { stored() ?? NodeMemory() }

  /// What is remembered, or nil where there is no file that can be read.
  func stored() -> NodeMemory? {
    do {
      return try file.read()
    } catch {
      Terminal.report("What earlier runs remember of this node cannot be read: \(error). Going on without it.")
      return nil
    }
  }

  /// Keeps what is to be remembered.
  func write(_ memory: NodeMemory) {
    do {
      try file.write(memory)
    } catch {
      Terminal.report(
        """
        What teardown has to know later cannot be kept: \(error). Going on without it; LVSCTL_STATE_DIR names another \
        directory.
        """)
    }
  }

  /// Keeps what was remembered before, which may have been nothing.
  func restore(_ memory: NodeMemory?) {
    if let memory { write(memory) } else { forget() }
  }

  /// Forgets everything.
  func forget() {
    do {
      try file.remove()
    } catch {
      Terminal.report("What is remembered of this node cannot be removed: \(error).")
    }
  }
}
