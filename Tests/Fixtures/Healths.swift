import LVSConfig
import LVSModel

/// The classic cluster with checks: web1 and web2 serve, and sorry is the fallback where there is one.
package enum Checked {
  package static let sorry = IPAddress(ipv4: 0xc0a8_9302)

  /// The cluster; `weights` are those of web1 and web2 in the file.
  package static func file(
    _ checks: [Check] = [Check(.tcp)], onFailure: FailurePolicy = .drain, quorum: Int = 1, hasFallback: Bool = false,
    weights: [Int32] = [3, 5], policy: WeightPolicy = .fixed, own: [Check]? = nil
  ) -> ClusterFile {
    var file = Classic.file(weights: policy)
    for (index, weight) in weights.enumerated() { file.services[0].realServers[index].settings.weight = weight }
    file.services[0].realServers[0].checks = own
    file.services[0].health = ClusterFile.HealthPolicy(
      checks: checks, onFailure: onFailure, quorum: quorum, hasFallback: hasFallback)
    if hasFallback {
      file.realServers.append(ClusterFile.RealServer(name: "sorry", addresses: [sorry]))
      file.services[0].realServers.append(
        ClusterFile.Member(
          server: 2, id: RealServerID(address: sorry, port: 80), settings: RealServerSettings(weight: 7)))
    }
    return file
  }

  /// The rule by which one of its real servers is asked for a check.
  package static func rule(_ address: IPAddress, _ check: Check = Check(.tcp)) -> CheckRule {
    CheckRule(
      check,
      of: CheckSubject(
        name: "web1", service: Classic.service, realServer: RealServerID(address: address, port: check.port ?? 80)))
  }
}

/// Random questions of every kind, with every text that a file can have.
package struct RandomRules {
  private static let texts = [
    "", "a", "/", "/health?a=b&c=\"d\"", "\u{0}\u{1}\n\r\t\\", "ä€\u{1f600}", "\u{2028}", "null", "  ", "e\u{301}",
  ]

  private var numbers: SeededNumbers

  package init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

  private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }
  private mutating func text() -> String { Self.texts.randomElement(using: &numbers) ?? "" }
  private mutating func optional() -> String? { Bool.random(using: &numbers) ? text() : nil }

  private mutating func address() -> IPAddress {
    if Bool.random(using: &numbers) { return IPAddress(ipv4: UInt32.random(in: 0...(.max), using: &numbers)) }
    let groups = (0..<8).map { _ in String(number(0...0xffff), radix: 16) }
    return IPAddress(groups.joined(separator: ":")) ?? Classic.vip
  }

  private mutating func service() -> ServiceID {
    if number(0...3) == 0 {
      return .fwmark(UInt32(number(1...Int(UInt32.max))), Bool.random(using: &numbers) ? .ipv4 : .ipv6)
    }
    let proto = TransportProtocol.allCases.randomElement(using: &numbers) ?? .tcp
    return .address(proto, address(), port: UInt16(number(0...65535)))
  }

  package mutating func rule() -> CheckRule {
    var subject: CheckSubject?
    let means: CheckMeans
    switch number(0...3) {
    case 0: means = .tcp
    case 1:
      let status = (0..<number(0...3)).map { _ in
        let first = number(100...599)
        return first...number(first...599)
      }
      means = .http(
        HTTPCheck(
          isSecure: Bool.random(using: &numbers), verifies: Bool.random(using: &numbers), path: text(),
          host: optional(), status: status, body: optional()))
    case 2: means = .udp(UDPCheck(send: optional(), expect: optional()))
    default:
      means = .exec((0..<number(1...4)).map { _ in text() })
      if number(0...3) > 0 {
        subject = CheckSubject(
          name: text(), service: service(),
          realServer: RealServerID(address: address(), port: UInt16(number(0...65535))))
      }
    }
    let question = CheckQuestion(
      means: means, address: address(), port: UInt16(number(0...65535)), timeout: number(1...3600), subject: subject)
    return CheckRule(question, fall: number(1...100), rise: number(1...100))
  }

  package mutating func verdict() -> Verdict {
    Verdict(
      HealthState.allCases.randomElement(using: &numbers) ?? .up,
      since: Bool.random(using: &numbers) ? number(-1...4_000_000_000) : nil, reason: optional())
  }

  package mutating func health() -> Health {
    var health = Health()
    for _ in 0..<number(0...20) { health.verdicts[rule()] = verdict() }
    for _ in 0..<number(0...5) { health.drains[text()] = number(0...4_000_000_000) }
    return health
  }
}
