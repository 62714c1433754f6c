import LVSCore

/// A step that the kernel refused.
public struct StepFailure: Error, Hashable, Sendable {
  /// The step.
  public var change: Change
  /// The errno of the refusal, positive; 0 where there is none, as of a program that failed.
  public var errno: Int32
  /// The refusal in words, with the kernel's own where it had any.
  public var message: String

  /// Creates a failure.
  public init(change: Change, errno: Int32, message: String) {
    self.change = change
    self.errno = errno
    self.message = message
  }
}

/// How far a list of steps has come.
public struct Progress: Equatable, Sendable {
  /// The steps that were done, in order.
  public var done: [Change] = []
  /// The first step that was refused, if any; steps after it may be done where they were sent with it.
  public var failure: StepFailure?
  /// Steps that were sent and whose answer was lost: they may be done or not.
  public var uncertain: [Change] = []
  /// Whether it ended early because it was asked to.
  public var wasInterrupted = false

  /// Creates the progress of nothing done.
  public init() {}
}

/// The seam between a plan and the kernel.
public protocol StepSink {
  /// Carries out steps in order until one is refused or `shouldStop` says so between two of them.
  func carryOut(_ changes: [Change], shouldStop: () -> Bool) -> Progress
}
