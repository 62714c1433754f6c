import Glibc
import LVSKernel
import LVSSystem

/// The lock that lets one lvsctl at a time change a network namespace.
///
/// It is flock(2) on a file that only root can open, named after the namespace: it ends with its process, however that
/// ends, and no child of it has it, since the file is closed where a program starts.
public final class NamespaceLock {
  /// The lock is held by another process.
  public struct Held: Error, Equatable, Sendable {
    /// The process that holds it, or nil where it has not said so yet.
    public var pid: Int32?
    /// Whether it has done what it wanted to, and waits for its confirmation.
    public var awaitsConfirmation: Bool
  }

  /// The folder that the lock lies in: root's, or that of the user who runs lvsctl.
  let folder: Folder
  /// The namespace's number, which names the files in the folder.
  let number: UInt64
  private let descriptor: Int32
  private var isHeld = false

  private static let awaiting = "awaits confirmation"

  private init(folder: Folder, number: UInt64, descriptor: Int32) {
    self.folder = folder
    self.number = number
    self.descriptor = descriptor
  }

  deinit {
    // What the file says of this holder would be taken for the next one's, until that one has written its own.
    if isHeld { tell("") }
    close(descriptor)
  }

  /// Takes the lock, waiting at most `seconds` for another holder to end.
  ///
  /// Throws ``Held`` when the time is up, ``SystemError`` when the system refuses the file.
  public static func acquire(waiting seconds: Double) throws -> NamespaceLock {
    let deadline = Deadline(after: seconds)
    let folder = try StateDirectory.make(StateDirectory.running)
    let number = try NetworkNamespace.number()
    let name = "\(number).lock"
    let path = folder.path(of: name)
    while true {
      // Only ENOENT brings none, as where the folder has been removed.
      guard let descriptor = try folder.openOwn(name, O_RDWR | O_CREAT) else {
        throw SystemError(errno: ENOENT, subject: path)
      }
      let lock = NamespaceLock(folder: folder, number: number, descriptor: descriptor)
      guard try FileLock.take(descriptor, until: deadline, subject: path) else { throw lock.holder }
      // Who took the file away while this process waited for it would let another one in.
      if lock.isStill(at: name) {
        lock.isHeld = true
        lock.tell("\(getpid())\n")
        return lock
      }
    }
  }

  /// Tells who waits for the lock that a confirmation is what its holder waits for.
  func tellWaitForConfirmation() { tell("\(getpid()) \(Self.awaiting)\n") }

  private func isStill(at name: String) -> Bool {
    var own = stat()
    guard let file = folder.status(of: name), fstat(descriptor, &own) == 0 else { return false }
    return file.st_ino == own.st_ino && file.st_dev == own.st_dev
  }

  /// Says in the file what the holder does; it is for messages alone, and nothing is lost where it cannot be said.
  private func tell(_ text: String) {
    _ = replaceContents(of: descriptor, with: Array(text.utf8))
  }

  private var holder: Held {
    let text = Self.text(descriptor)
    return Held(
      pid: text.split { !$0.isNumber }.first.flatMap { Int32($0) }, awaitsConfirmation: text.contains(Self.awaiting))
  }

  private static func text(_ descriptor: Int32) -> String {
    String(decoding: start(of: descriptor, atMost: 64), as: UTF8.self)
  }

  /// Whether the file of a lock says that its holder waits for a confirmation.
  static func saysAwaiting(_ descriptor: Int32) -> Bool { text(descriptor).contains(awaiting) }
}
