import LVSSystem
import Synchronization

/// How long the sandbox waits for what it relies on.
public enum Waiting {
  private static let times = Atomic<Int>(1)

  /// How many times longer than on an ordinary kernel something may take before it is given up: 1 unless whoever uses the
  /// sandbox knows that its processor is emulated. It bounds failures only.
  public static var patience: Int {
    get { times.load(ordering: .relaxed) }
    set { times.store(newValue, ordering: .relaxed) }
  }
}

/// Something that did not come about in time.
public struct NeverHappened: Error, CustomStringConvertible {
  public let description: String

  public init(description: String) { self.description = description }
}

/// Looks again and again until `condition` holds, and returns at once when it does.
///
/// The deadline only bounds a failure; nothing succeeds or fails by how long something took.
public func eventually(_ what: String, within seconds: Int = 20, _ condition: () throws -> Bool) throws {
  let limit = seconds * Waiting.patience
  let deadline = Deadline(after: Double(limit))
  while try !condition() {
    guard !deadline.isOver else { throw NeverHappened(description: "\(what): not within \(limit) seconds") }
    Monotonic.pause(0.01)
  }
}
