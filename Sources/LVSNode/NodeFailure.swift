import LVSText

/// Why something that was asked of this node was not done: of which kind it is, and the message for an operator.
public struct NodeFailure: Error, Equatable, Sendable, MessageConvertible {
  /// What a caller may want to tell apart.
  public enum Kind: Hashable, Sendable {
    /// Nothing is wrong, and yet the answer is no: nobody confirmed, or there was nothing to confirm or to take back.
    case negative
    /// The file, or what it is compared with, is invalid or does not fit this machine.
    case invalidFile
    /// Another machine could not be asked.
    case unreachable
    /// lvsctl on another machine ended with this status, or the shell there did.
    case remote(Int32)
    /// This kernel has no IPVS.
    case noIPVS
    /// The kernel or the system refused something.
    case refused
    /// Another lvsctl is changing this machine, or its change is not confirmed.
    case locked
    /// This process lacks a privilege.
    case noPrivilege
    /// What cannot be has come to be.
    case bug
  }

  /// What it is.
  public var kind: Kind
  /// What was found, and what to do: whole sentences.
  public var message: Message
  /// The errno of the refusal that it is about, positive; nil where it is about none.
  public var errno: Int32?

  /// Creates a failure.
  public init(_ kind: Kind, _ message: Message, errno: Int32? = nil) {
    self.kind = kind
    self.message = message
    self.errno = errno
  }
}
