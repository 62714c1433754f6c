import LVSModel
import LVSSystem

/// The sysctls that the kernel sets along with one that turns forwarding on or off, as far as turning it back would leave
/// them other than they were.
struct ForwardingFollowers {
  private var before: [String: String] = [:]

  /// The followers of a sysctl that is now `value`; none of one that has nothing to do with forwarding.
  init(of name: String, value: String?) throws(SystemError) {
    guard let value, let forwarding = ForwardingSysctl(name) else { return }
    for follower in forwarding.followers(of: Self.interfaces(forwarding.family)) {
      let now = try Sysctl(follower)?.read()
      if now != forwarding.value(of: follower, after: value) { before[follower] = now }
    }
  }

  /// What has become of them since, as steps that were done, to be taken back after the sysctl itself.
  func changes() throws(SystemError) -> [Change] {
    var changes: [Change] = []
    for (name, value) in before.sorted(by: { $0.key < $1.key }) {
      if let now = try Sysctl(name)?.read() { changes.append(.sysctl(name, Difference(before: value, after: now))) }
    }
    return changes
  }

  /// What will become of them when the sysctl is set to `value`, as steps that go ahead of that one.
  fileprivate func changes(of name: String, setTo value: String) -> [Change] {
    guard let forwarding = ForwardingSysctl(name) else { return [] }
    return before.sorted { $0.key < $1.key }.map { follower, now in
      .sysctl(follower, Difference(before: now, after: forwarding.value(of: follower, after: value)))
    }
  }

  private static func interfaces(_ family: AddressFamily) -> [String] {
    names(inFolder: "/proc/sys/net/\(family.word)/conf").filter { !$0.hasPrefix(".") }
  }
}

extension UnconfirmedChange {
  /// Adds steps that are about to be carried out, with what the kernel sets along with them.
  public mutating func addPlanned(_ steps: [Change], before observed: HostState) {
    var all: [Change] = []
    for step in steps {
      guard case .sysctl(let name) = step.subject, let value = step.after?.sysctl,
        let followers = try? ForwardingFollowers(of: name, value: step.before?.sysctl)
      else { continue }
      all += followers.changes(of: name, setTo: value)
    }
    add(all.isEmpty ? steps : all + steps, before: observed)
  }
}
