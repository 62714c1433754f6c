/// How a command ends; scripts rely on these numbers (sysexits.h above 1).
public enum ExitStatus: Int32, Sendable {
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
  public init(_ kind: NodeFailure.Kind) {
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
