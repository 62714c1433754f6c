import LVSModel
import LVSText

extension Plan {
  /// What to say of the steps of a plan that no later run takes back; nil where there are none.
  public var unrememberedNote: Finding? {
    let sysctls = changes.compactMap { change -> (name: String, before: String?)? in
      guard case .sysctl(let name) = change.subject, !SysctlName.isNetwork(name) else { return nil }
      return (name, change.before?.sysctl)
    }
    if sysctls.isEmpty { return nil }
    let words = sysctls.map { name, before in before.map { "\(name) (now \($0))" } ?? name }
    return Finding(
      .unrememberedSysctl, .note, node: nil, subject: sysctls.map(\.name).joined(separator: ", "),
      """
      These sysctls are outside net., so what they are now is not remembered, and neither a later apply nor teardown sets \
      them back: \(words.joined(separator: ", ")).
      """, facts: sysctls.compactMap { name, before in before.map { Finding.Fact(name, $0) } })
  }
}
