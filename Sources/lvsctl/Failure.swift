import LVSNode
import LVSText

/// How a command ends; scripts rely on these numbers (sysexits.h above 1).
enum ExitStatus: Int32 {
  case negative = 1
  case usage = 64
  case invalidFile = 65
  case noFile = 66
  case noIPVS = 69
  case bug = 70
  case refused = 71
  case locked = 75
  case noPrivilege = 77
}

extension ExitStatus {
  /// How a command ends for a failure about this node.
  init(_ kind: NodeFailure.Kind) {
    switch kind {
    case .negative: self = .negative
    case .invalidFile: self = .invalidFile
    case .unreachable: self = .noFile
    // What the shell or ssh itself says, and what diff would use for something else, is no status of lvsctl's.
    case .remote(let status): self = Self(rawValue: status).flatMap { $0 == .negative ? nil : $0 } ?? .noFile
    case .noIPVS: self = .noIPVS
    case .refused: self = .refused
    case .locked: self = .locked
    case .noPrivilege: self = .noPrivilege
    case .bug: self = .bug
    }
  }
}

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
