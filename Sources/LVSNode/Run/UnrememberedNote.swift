import LVSModel
import LVSPlan
import LVSText

extension Plan {
  /// What to say of the steps of a plan that no later run takes back; nil where there are none.
  var unrememberedNote: Message? {
    let names = changes.compactMap { change -> String? in
      guard case .sysctl(let name, let difference) = change, !SysctlName.isNetwork(name) else { return nil }
      return difference.before.map { "\(name) (now \($0))" } ?? name
    }
    if names.isEmpty { return nil }
    return """
      These sysctls are outside net., so what they are now is not remembered, and neither a later apply nor teardown sets \
      them back: \(names.joined(separator: ", ")).
      """
  }
}
