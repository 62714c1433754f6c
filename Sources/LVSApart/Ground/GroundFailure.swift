import LVSSystem
import LVSText

/// Why a job could not be run, or did not come to its end.
public struct GroundFailure: Error, MessageConvertible, Sendable {
  /// What kind of trouble it is.
  public enum Kind: Hashable, Sendable {
    /// There is no such ground on this machine, or no room for it.
    case noGround
    /// This machine, or the place inside, has refused something.
    case refused
    /// The place inside ended before the program did, or what the program wrote did not arrive.
    case broken
    /// The program, or the start of its kernel, took longer than it was given.
    case late
    /// stdout takes no more.
    case lostOutput
  }

  public var kind: Kind
  public var message: Message

  init(_ kind: Kind, _ message: Message) {
    self.kind = kind
    self.message = message
  }

  init(_ error: SystemError) { self.init(.refused, "\(error).") }
}
