import LVSModel
import LVSText

/// A step that the kernel refused.
public struct StepRefusal: Error, Hashable, Sendable {
  /// The step.
  public var change: Change
  /// The errno of the refusal, positive; 0 where there is none, as of a program that failed.
  public var errno: Int32
  /// The refusal in words, with the kernel's own where it had any.
  public var message: Message

  /// Creates a refusal.
  public init(change: Change, errno: Int32, message: Message) {
    self.change = change
    self.errno = errno
    self.message = message
  }
}
