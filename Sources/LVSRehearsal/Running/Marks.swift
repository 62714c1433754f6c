import LVSModel
import LVSSandbox
import LVSText

/// Firewall marks on directors, which the file has services for and no rules.
struct Marks {
  private let trials: [(mark: UInt32, trial: Trial)]
  private let network: Network

  init(_ trials: [Trial], _ network: Network) {
    self.network = network
    self.trials = trials.compactMap { trial in
      guard case .fwmark(let mark, _) = trial.service, trial.obstacle == nil else { return nil }
      return (mark, trial)
    }
  }

  /// Has a director mark the packets that the client asks with; nil where it does, else why it cannot.
  func set(at director: String) -> Message? {
    if trials.isEmpty || setByNftables(director) || setByIptables(director) { return nil }
    return "Neither nft nor iptables sets marks here: install Debian's nftables."
  }

  private func setByNftables(_ director: String) -> Bool {
    var lines = [
      "add table inet lvsctl", "flush table inet lvsctl",
      "add chain inet lvsctl prerouting { type filter hook prerouting priority mangle; }",
    ]
    for (mark, trial) in trials {
      let family = trial.vip.family == .ipv4 ? "ip" : "ip6"
      lines.append(
        "add rule inet lvsctl prerouting \(family) daddr \(trial.vip) \(trial.transport.rawValue) dport \(trial.port) "
          + "meta mark set \(mark)")
    }
    guard let outcome = try? network[director].run(["nft", "-f", "-"], input: lines.joined(separator: "\n") + "\n")
    else { return false }
    return outcome.status == 0
  }

  private func setByIptables(_ director: String) -> Bool {
    for (mark, trial) in trials {
      let programs = trial.vip.family == .ipv4 ? ["iptables-legacy", "iptables"] : ["ip6tables-legacy", "ip6tables"]
      let words = [
        "-t", "mangle", "-A", "PREROUTING", "-d", "\(trial.vip)", "-p", trial.transport.rawValue, "--dport",
        "\(trial.port)", "-j", "MARK", "--set-mark", "\(mark)",
      ]
      let isSet = programs.contains { (try? network[director].run([$0] + words))?.status == 0 }
      if !isSet { return false }
    }
    return true
  }
}
