import LVSConfig
import LVSModel

/// What is known of the health of a file's real servers, where the file names them.
public struct HealthView: Sendable {
  private let file: ClusterFile
  private let verdicts: [CheckRule: Verdict]
  /// Since when the real servers are drained that are, by their places in the file.
  private var drained: [Int: Int] = [:]

  /// Holds a health against a file.
  public init(_ file: ClusterFile, _ health: Health) {
    self.file = file
    verdicts = health.verdicts
    if health.drains.isEmpty { return }
    for (index, server) in file.realServers.enumerated() { drained[index] = health.drains[server.name] }
  }

  /// Whether no real server of the file is drained, and nothing is known of any.
  var isEmpty: Bool { verdicts.isEmpty && drained.isEmpty }

  /// The health of a member of a service that is not its fallback; nil where nothing is asked of it and it is not drained.
  public func health(of member: ClusterFile.Member, in service: ClusterFile.Service) -> ServerHealth? {
    if let health = drain(of: member) { return health }
    if verdicts.isEmpty { return file.checks(of: member, in: service).isEmpty ? nil : ServerHealth(.unknown) }
    return verdict(on: member, of: service)
  }

  /// Whether a member is down by its checks, drained or not.
  func isDown(_ member: ClusterFile.Member, in service: ClusterFile.Service) -> Bool {
    !verdicts.isEmpty && verdict(on: member, of: service)?.state == .down
  }

  /// The health of the fallback of a service: nothing is asked of it, so it is drained, or nothing is known.
  public func healthOfFallback(_ member: ClusterFile.Member) -> ServerHealth? { drain(of: member) }

  /// A member's drain, where it is drained.
  func drain(of member: ClusterFile.Member) -> ServerHealth? {
    drained.isEmpty ? nil : drained[member.server].map { ServerHealth(.drained, since: $0) }
  }

  /// What all checks of a member have come to: of those that are down the one that has been so for longest says why.
  private func verdict(on member: ClusterFile.Member, of service: ClusterFile.Service) -> ServerHealth? {
    let checks = file.checks(of: member, in: service)
    if checks.isEmpty { return nil }
    let subject = file.subject(member, of: service)
    var down: ServerHealth?
    var isUnknown = false
    var upSince: Int?
    for check in checks {
      let rule = CheckRule(check, of: subject)
      let verdict = verdicts[rule] ?? Verdict()
      switch verdict.state {
      case .unknown: isUnknown = true
      case .up: upSince = [upSince, verdict.since].compactMap(\.self).max()
      case .down:
        if let down, down.since ?? .min <= verdict.since ?? .min { continue }
        down = ServerHealth(
          .down, since: verdict.since, reason: rule.question.means.reason(verdict.reason))
      }
    }
    return down ?? (isUnknown ? ServerHealth(.unknown) : ServerHealth(.up, since: upSince))
  }
}

extension CheckMeans {
  /// Why a question was answered wrongly, with the word for it: `http 503`, `tcp: connection refused`.
  fileprivate func reason(_ words: String?) -> String {
    guard let words, !words.isEmpty else { return word }
    return words.hasPrefix("\(word) ") ? words : "\(word): \(words)"
  }
}

extension ClusterFile {
  /// What is asked of a member of a service that is not its fallback: nothing where another program owns the service's
  /// entries in the table, or its weights.
  func checks(of member: Member, in service: Service) -> [Check] {
    guard !service.isHeldExternally, service.weights == .fixed else { return [] }
    return member.checks ?? service.health.checks
  }

  /// A member as a check is told of it.
  func subject(_ member: Member, of service: Service) -> CheckSubject {
    CheckSubject(name: realServers[member.server].name, service: service.id, realServer: member.id)
  }
}

extension ClusterFile.Service {
  /// Its real servers without its fallback.
  var checkedMembers: Slice<ServiceMembers> {
    realServers[realServers.startIndex..<realServers.endIndex - (health.hasFallback && !realServers.isEmpty ? 1 : 0)]
  }

  /// Its fallback, nil where it has none.
  public var fallback: ClusterFile.Member? { health.hasFallback ? realServers.last : nil }

  /// Whether anything is asked of any of its real servers.
  public var isChecked: Bool {
    !isHeldExternally && weights == .fixed && (!health.checks.isEmpty || realServers.haveOwnChecks)
  }
}
