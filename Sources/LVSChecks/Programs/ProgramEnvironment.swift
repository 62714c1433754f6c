import LVSModel

/// What a program is told of what it asks about.
enum ProgramEnvironment {
  /// `NAME=VALUE` each, and nothing of this process's own.
  static func of(_ question: CheckQuestion) -> [String] {
    var variables = [
      "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "LVS_SERVER=\(question.address)",
      "LVS_SERVER_PORT=\(question.port)",
    ]
    guard let subject = question.subject else { return variables }
    variables += [
      "LVS_NAME=\(subject.name)", "LVS_VIP=\(subject.service.vip?.description ?? "")",
      "LVS_PORT=\(subject.service.port)",
    ]
    switch subject.service {
    case .address(let transport, _, _): variables.append("LVS_PROTOCOL=\(transport.word)")
    case .fwmark(let mark, _): variables += ["LVS_PROTOCOL=fwmark", "LVS_FWMARK=\(mark)"]
    }
    return variables
  }
}
