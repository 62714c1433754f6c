import LVSModel

/// A step that the kernel would refuse.
public struct SimulatedRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The step.
  public var change: Change
  /// The errno, positive.
  public var errno: Int32
  /// Where in the kernel it is refused, and why.
  public var reason: String
  /// Whether the first of the step's two messages was done all the same; see ``Change/firstHalf``.
  public var isHalfDone: Bool
  /// Whether what the step would take away has gone along with something else, so that there is nothing left to do.
  public var hasGoneAlong: Bool

  public var description: String { "\(change.action.rawValue) \(change.kind) \(change.id): \(reason)" }
}

extension Simulation {
  /// A refusal of whatever step it is about.
  struct Refusal: Error {
    var errno: Int32
    var reason: String
    var isHalfDone = false
    var hasGoneAlong = false

    init(_ errno: Int32, _ reason: String) {
      self.errno = errno
      self.reason = reason
    }

    /// The same refusal of the second of two messages.
    var ofSecondHalf: Refusal {
      var refusal = self
      refusal.isHalfDone = true
      return refusal
    }
  }
}
