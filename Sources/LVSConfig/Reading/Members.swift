import LVSModel
import LVSText

/// The `real_servers` of a service, or of `defaults`.
extension ClusterFileReader {
  /// The entries; those that are faulty are reported and left out.
  func members(_ node: Int) -> [MemberDraft]? {
    let help: Message =
      "It is a list of names such as `[web1, web2]`, or of maps such as `{ server: web1, weight: 2 }`."
    return shared(\.sharedMembers, node) { node in
      guard let node = sequence(node, "`real_servers`", help: { help }) else { return nil }
      var members: [MemberDraft] = []
      members.reserveCapacity(Int(tape[node].count))
      tape.forEachElement(of: node) { element in
        let resolved = tape.resolved(element)
        switch tape[resolved].kind {
        case .mapping:
          members.append(.detailed(details(resolved, at: element)))
        case .scalar, .sequence, .alias, .faulty:
          guard let scalar = scalar(element, "an entry of `real_servers`") else { return }
          members.append(.named(Placed(tape.string(scalar), at: place(of: element))))
        }
      }
      return members
    }
  }

  /// The real server that serves while no other does: its name, or a map as in `real_servers`.
  func fallback(_ node: Int) -> MemberDraft? {
    let resolved = tape.resolved(node)
    guard tape[resolved].kind == .mapping else {
      guard tape[resolved].kind != .sequence else {
        report(.wrongForm, at: node, "`fallback` is one real server, and this is a list.") {
          "Name the one that serves while no other does; several behind one address are one real server."
        }
        return nil
      }
      return scalar(node, "`fallback`").map { .named(Placed(tape.string($0), at: place(of: node))) }
    }
    let fields = keyedNodes(of: resolved, MemberKey.self)
    if let key = fields.keyNode(.check) {
      report(.unknownKey, at: key, "The fallback is not checked: it serves while no other does.") {
        "Leave `check` out."
      }
    }
    return .detailed(details(fields, at: node, isFallback: true))
  }

  private func details(_ map: Int, at element: Int) -> MemberDetails {
    details(keyedNodes(of: map, MemberKey.self), at: element, isFallback: false)
  }

  private func details(_ fields: KeyedNodes<MemberKey>, at element: Int, isFallback: Bool) -> MemberDetails {
    var details = MemberDetails()
    details.place = place(of: element)
    details.server = required(.server, fields, help: "Name the real server, as in `server: web1`.") {
      scalar($0, "`server`").map { tape.string($0) }
    }
    details.port = placed(.port, fields) { integer($0, "port", in: KeyRange.port).map(UInt16.init) }
    details.weight = placed(.weight, fields) { weight($0) }
    details.forward = placed(.forward, fields) { forward($0) }
    details.tunnel = placed(.tunnel, fields) { tunnel($0) }
    details.upperThreshold = placed(.upperThreshold, fields) { threshold($0, "upper_threshold") }
    details.lowerThreshold = placed(.lowerThreshold, fields) { threshold($0, "lower_threshold") }
    if !isFallback { details.checks = placed(.check, fields) { checks($0) } }
    return details
  }

  /// A threshold of connections; 0 is none. ip_vs_add_dest() refuses upper ones beyond INT_MAX.
  private func threshold(_ node: Int, _ key: String) -> UInt32? {
    integer(node, key, in: KeyRange.threshold).map(UInt32.init)
  }
}
