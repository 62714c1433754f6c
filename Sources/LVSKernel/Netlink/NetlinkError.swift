import Glibc
import LVSText

/// A request that the kernel refused, or a conversation with it that broke.
public struct NetlinkError: Error, Hashable, Sendable, MessageConvertible {
  /// The errno of the refusal, positive.
  public var errno: Int32
  /// The kernel's own words (NLMSGERR_ATTR_MSG), where it had any.
  public var kernelMessage: String?
  /// What was asked, for a reader: `create tcp 192.168.147.100:80`.
  public var request: String

  /// Creates an error.
  public init(errno: Int32, kernelMessage: String? = nil, request: String) {
    self.errno = errno
    self.kernelMessage = kernelMessage
    self.request = request
  }

  /// `No such file or directory (errno 2)`, with the kernel's own words when it had any.
  public var message: Message {
    let words: Message = "\(String(cString: strerror(errno))) (errno \(errno))"
    guard let kernelMessage else { return words }
    return "\(words): \(kernelMessage)"
  }
}
