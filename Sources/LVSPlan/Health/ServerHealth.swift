/// What there is to say of a real server's health in a service.
public struct ServerHealth: Equatable, Sendable {
  /// How it is; the raw value is the word of documents.
  public enum State: String, Sendable, CaseIterable {
    /// All that is asked of it is answered as it should be.
    case up
    /// Something is not; it gets no new connections.
    case down
    /// An operator wants it to get none.
    case drained
    /// Something has not been asked yet, and nothing has failed often enough; it serves.
    case unknown
  }

  /// How it is.
  public var state: State
  /// Since when, in seconds since the beginning of 1970; nil where that is not known.
  public var since: Int?
  /// Why it is down, in a few words; nil while it is not.
  public var reason: String?

  /// Creates a health.
  public init(_ state: State, since: Int? = nil, reason: String? = nil) {
    self.state = state
    self.since = since
    self.reason = reason
  }

  /// Whether it may get new connections.
  public var serves: Bool { state == .up || state == .unknown }
}
