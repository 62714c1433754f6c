import LVSModel

/// `check`: one check, or several that must all pass.
///
/// What is left out of a check has its default here already: nothing else could say it, and a check is the same however
/// it is written.
public struct ChecksDraft: Equatable, Sendable {
  /// The checks; equal ones of a file are one array.
  public private(set) var checks: [Check]
  /// Where each of them stands.
  private(set) var places: [Place]

  /// Creates what is said of some checks.
  public init(_ checks: [Check], at places: [Place]? = nil) {
    self.checks = checks
    self.places = places ?? checks.map { _ in .nowhere }
  }
}
