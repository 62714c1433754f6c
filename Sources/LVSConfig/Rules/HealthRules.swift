import LVSModel
import LVSText

// How a service goes by the health of its real servers: what it says of it belongs to lvsctl, and can be asked.

extension ServiceDraft {
  /// Whether it says anything of health by itself; what its real servers say is not among it.
  var saysHealth: Bool {
    values.contains { value in
      switch value {
      case .check, .onFailure, .fallback, .quorum: true
      default: false
      }
    }
  }
}

extension ServiceView {
  /// Whether weights or entries are another program's: then nothing of health is lvsctl's to set, and what `defaults` says
  /// of it is not about this service.
  var isOthers: Bool { said({ $0.weights })?.value == .external || said({ $0.isHeldExternally })?.value == true }

  /// What is asked of its real servers; nil where nothing is, and for what is faulty.
  var checks: ChecksDraft? { said({ $0.checks })?.value }
}

/// A service whose weights or entries are another program's says nothing of health by itself.
func checkOthersHealth(_ service: ServiceView, _ faults: FileFaults) {
  let own = service.own
  let said: [(ServiceKey, Place?)] = [
    (.check, own.checks.unlessNone()?.place), (.onFailure, own.onFailure.unlessNone()?.place),
    (.fallback, own.fallback.unlessNone()?.place), (.quorum, own.quorum.unlessNone()?.place),
  ]
  for case (let key, let place?) in said { report(key.rawValue, at: place) }
  for case .detailed(let details) in own.members?.value ?? [] {
    if let check = details.checks.unlessNone() { report(MemberKey.check.rawValue, at: check.place) }
  }

  func report(_ key: String, at place: Place) {
    let isHeld = service.said({ $0.isHeldExternally })?.value == true
    let (owner, what) = isHeld ? ("held_by", "entries") : ("weights", "weights")
    // A list of real servers may be behind an alias that services share.
    faults.reportOnce(
      .othersHealth, at: place,
      "`\(key)` would set the \(what) of this service, which `\(owner): external` leaves to another program."
    ) {
      "Leave `\(key)` out, or write `\(owner): none`."
    }
  }
}

/// A check needs a port to ask: a service that takes every port gives it none.
func checkHealthPorts(_ service: ServiceView, _ list: MemberList, _ faults: FileFaults) {
  guard service.isMark || service.ports.contains(where: { $0.lower == 0 }) else { return }
  func report(_ checks: ChecksDraft) {
    for (check, place) in zip(checks.checks, checks.places) where check.needsPort {
      faults.reportOnce(
        .checkPort, at: place,
        "The service \(service.title) takes every port, and `\(check.means.word)` has to ask one."
      ) {
        "Write the port, as in `{ type: \(check.means.word), port: 80 }`."
      }
    }
  }
  var usesServices = false
  for member in list.checked {
    let details = list.details(of: member)
    // A real server that has a port of its own is asked there.
    guard details?.port.unlessNone() == nil else { continue }
    if let own = details?.checks {
      own.value.map(report)
    } else {
      usesServices = true
    }
  }
  if usesServices, let checks = service.checks { report(checks) }
}

extension Check {
  /// Whether it asks a port, and names none.
  fileprivate var needsPort: Bool {
    if case .exec = means { false } else { port == nil }
  }
}

/// A service cannot need more real servers than it has.
func checkQuorum(_ service: ServiceView, _ list: MemberList, _ faults: FileFaults) {
  guard list.isWhole, let quorum = service.said({ $0.quorum }), let value = quorum.value else { return }
  let count = list.checked.count
  guard value > count else { return }
  let found: Message = count == 0 ? "has none" : "has \(count)"
  faults.reportOnce(
    .quorumTooLarge, at: quorum.place,
    "The service \(service.title) needs \(counted(value, "real server")), and \(found)\(list.hasFallback ? " besides its fallback" : "")."
  ) {
    count == 0
      ? "Leave it out, or write `quorum: none` in the service."
      : "Write \(count) at most, or `quorum: none` in the service."
  }
}

/// A fallback that gets no connections serves nobody.
func checkFallbackWeight(_ fallback: MemberDraft, _ server: Int, _ draft: ClusterDraft, _ faults: FileFaults) {
  let own = fallback.details?.weight.unlessNone()
  guard let weight = own ?? draft.realServers?.value?[server].weight.unlessNone(), weight.value == 0 else { return }
  faults.reportOnce(
    .fallbackWeight, of: server, at: own == nil ? fallback.place : weight.place,
    "The fallback `\(draft.title(ofServer: server))` has the weight 0, and would get no connections."
  ) {
    "Write `fallback: { server: \(draft.title(ofServer: server)), weight: 1 }`: it has a weight only while no other serves."
  }
}
