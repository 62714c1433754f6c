import LVSModel

/// How far a list of steps has come.
public struct Progress: Equatable, Sendable {
  /// The steps that were done, in order.
  public var done: [Change] = []
  /// The steps that were refused, in order; steps after the first may be done where they were sent with it.
  public var failures: [StepRefusal] = []
  /// Steps that were sent and whose answer was lost: they may be done or not.
  public var uncertain: [Change] = []
  /// Whether it ended early because it was asked to.
  public var wasInterrupted = false
  /// Whether nothing can be sent to the kernel any more.
  public var isBroken = false

  /// Creates the progress of nothing done.
  public init() {}

  /// The first step that was refused, if any.
  public var failure: StepRefusal? { failures.first }
}

/// The seam between a plan and the kernel.
public protocol StepSink {
  /// Carries out steps in order until one is refused or `shouldStop` says so between two of them; or, `pastRefusals`,
  /// every step that can be.
  ///
  /// A deletion that finds nothing to delete is done.
  func carryOut(_ changes: [Change], pastRefusals: Bool, shouldStop: () -> Bool) -> Progress
  /// Services as they are now, each asked for by its identity; those that are not there are missing. Nil where this is no
  /// better than what was observed.
  func services(named ids: Set<ServiceID>) throws -> [ServiceID: VirtualService]?
  /// Puts back what the kernel took away along with steps and no step has brought back, and returns in words what is
  /// still missing.
  func putBackSideEffects() throws -> [String]
}

extension StepSink {
  /// Carries out steps in order until one is refused or `shouldStop` says so between two of them.
  public func carryOut(_ changes: [Change], shouldStop: () -> Bool) -> Progress {
    carryOut(changes, pastRefusals: false, shouldStop: shouldStop)
  }

  public func services(named ids: Set<ServiceID>) throws -> [ServiceID: VirtualService]? { nil }

  public func putBackSideEffects() throws -> [String] { [] }
}
