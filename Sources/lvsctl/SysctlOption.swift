import ArgumentParser
import LVSModel
import LVSPlan
import LVSText

/// Whether the cluster file may set more than the network.
struct SysctlOption: ParsableArguments {
  @Flag(
    help: """
      Take sysctls of the file outside net.ipv4, net.ipv6, net.core and net.netfilter too: with them a file can do what \
      root can.
      """)
  var anySysctl = false
}

extension Plan {
  /// What to say of the steps of a plan that no later run takes back; nil where there are none.
  var unrememberedNote: Message? {
    let names = changes.compactMap { change -> String? in
      guard case .sysctl(let name) = change.subject, !SysctlName.isNetwork(name) else { return nil }
      return change.before?.sysctl.map { "\(name) (now \($0))" } ?? name
    }
    if names.isEmpty { return nil }
    return """
      These sysctls are outside net., so what they are now is not remembered, and neither a later apply nor teardown sets \
      them back: \(names.joined(separator: ", ")).
      """
  }
}
