import LVSModel
import LVSNode
import LVSPlan
import LVSText

/// The verdicts as they are kept on this machine, where every other command sees them.
struct SavedVerdicts {
  private let file: HealthFile
  /// What was kept at the start.
  let verdicts: [CheckRule: Verdict]
  /// The state of the book that is kept.
  private var edition = 0

  /// Reads what an earlier lvsctld left. Where it cannot be read nothing is begun: servers that are down would get their
  /// weights back.
  init() throws(NodeFailure) {
    do {
      file = HealthFile(.verdicts, beside: try MachineMemoryFile())
      verdicts = try file.read().verdicts
    } catch {
      throw NodeFailure(
        error.isDenied ? .noPrivilege : .invalidFile,
        """
        What was known of the health of real servers cannot be read: \(error). Without it those that are down would be \
        taken for those that are not, so nothing was changed. \
        \(error.isDenied ? "Run lvsctld as root." : "Put it right, or move it away to go on without what it says.")
        """, errno: error.errno)
    }
  }

  /// Whether others would see something else than what the book says.
  func isOutdated(by book: CheckBook) -> Bool { edition != book.edition }

  /// Keeps what the book says, whole or not at all.
  mutating func write(_ book: CheckBook) throws(NodeFailure) {
    do {
      try file.write(Health(verdicts: book.verdicts))
    } catch {
      throw NodeFailure(
        .refused,
        """
        What is known of the health of real servers cannot be kept: \(error). Weights follow it nevertheless; lvsctl \
        apply and a restart would not know of it. It is tried again.
        """, errno: error.errno)
    }
    edition = book.edition
  }
}
