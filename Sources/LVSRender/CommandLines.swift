import LVSPlan
import LVSText

extension Plan {
  /// The lines of modprobe(8), sysctl(8), ip(8) and ipvsadm(8) that do what the plan does, in its order.
  ///
  /// They do not sign the addresses they add, so that a later apply does not take those away: ip(8) learned to set
  /// IFA_PROTO only after many releases in use.
  public func writeCommandLines(to sink: inout TextSink) {
    for change in changes {
      for words in change.commands { sink.write(words.map(shellQuoted).joined(separator: " ") + "\n") }
    }
  }
}

extension Collection<NodePlan> {
  /// The lines of each node that has any, below a comment with its name.
  public func writeCommandLines(to sink: inout TextSink) {
    for plan in self where !plan.plan.isEmpty {
      sink.write("# \(Printable(plan.node).text)\n")
      plan.plan.writeCommandLines(to: &sink)
    }
  }
}
