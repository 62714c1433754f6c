import LVSNode
import LVSText

/// The end of a command: a status, and what is to be said on stderr before it.
struct Failure: Error, MessageConvertible {
  var status: ExitStatus
  var message: Message
  /// Whether stderr has been told already.
  var isTold = false

  init(_ status: ExitStatus, _ message: Message) {
    self.status = status
    self.message = message
  }

  /// A failure about this node.
  init(_ failure: NodeFailure) { self.init(ExitStatus(failure.kind), failure.message) }

  /// What a command threw, where it is a failure; nil for what only the parser of arguments understands.
  init?(thrown error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let failure as NodeFailure: self.init(failure)
    case let failure as RunFailure: self.init(failure.failure)
    default: return nil
    }
  }
}
