import Glibc
import LVSKernel
import LVSSystem
import LVSText

/// The lock that lets one lvsctld at a time keep a network namespace, for as long as it runs: two would write the same
/// verdicts, and each take back what the other one did. `lvsctl` does not ask for it.
public final class KeeperLock {
  private let descriptor: Int32

  /// Takes the lock; throws where another lvsctld has it.
  public init() throws(NodeFailure) {
    let isFree: Bool
    do throws(SystemError) {
      let folder = try StateDirectory.make(StateDirectory.running)
      let name = "\(try NetworkNamespace.number()).lvsctld"
      guard let opened = try folder.openOwn(name, O_RDWR | O_CREAT) else {
        throw SystemError(errno: ENOENT, subject: folder.path(of: name))
      }
      descriptor = opened
      isFree = try FileLock.take(opened, until: Deadline(after: 0), subject: folder.path(of: name))
    } catch {
      throw NodeFailure(describing: error)
    }
    if !isFree {
      close(descriptor)
      throw NodeFailure(.locked, "Another lvsctld keeps this machine. Nothing was changed. End that one first.")
    }
  }

  deinit { close(descriptor) }
}
