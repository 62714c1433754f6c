import LVSModel
import LVSText

/// VRRP has addresses to move, a priority for each director, and with `unicast` an address of each to send to.
func checkVRRP(_ draft: ClusterDraft, _ vips: [ClusterFile.VIP], _ faults: FileFaults) {
  guard let said = draft.vrrp.unlessNone(), let vrrp = said.value else { return }
  // What is faulty may well be the address that is missed.
  let isWhole = !faults.hasErrors
  if vips.isEmpty {
    guard isWhole else { return }
    faults.report(.vrrpWithoutVIP, at: said.place, "`vrrp` moves VIPs, and the file has none.") {
      "List them in `vips`, or leave `vrrp` out."
    }
    return
  }
  let directors = draft.directors?.value ?? []
  checkPriorities(vrrp, at: said.place, directors.count, faults)
  let family = vips.vrrpFamily
  guard vrrp.unicast.unlessNone() == nil || vrrp.unicast?.value == true, family == .ipv4 || isWhole else { return }
  for director in directors {
    guard let addresses = director.addresses, let values = addresses.value, values.allSatisfy({ !$0.isFaulty }),
      !values.contains(where: { $0.value?.family == family })
    else { continue }
    let word = family == .ipv4 ? "IPv4" : "IPv6"
    faults.report(
      .vrrpAddress, at: addresses.place,
      "VRRP for \(word) VIPs goes from one director's \(word) address to the others', and this director has none."
    ) {
      "Give it one, or write `unicast: false` in `vrrp`, which sends to a multicast group."
    }
  }
}

private func checkPriorities(_ vrrp: VRRPDraft, at place: Place, _ directors: Int, _ faults: FileFaults) {
  guard vrrp.priority?.isFaulty != true else { return }
  let priority = vrrp.priority?.value ?? ClusterFile.VRRP.standardPriority
  guard ClusterFile.VRRP(id: 1, priority: priority).priority(ofDirector: 0, among: directors) == nil else { return }
  faults.report(
    .outOfRange, at: vrrp.priority.unlessNone()?.place ?? place,
    "`priority` is \(priority), and each of the \(directors) directors has one below that of the director before it."
  ) {
    "Write a number from \(directors) to \(KeyRange.vrrpPriority.upperBound), and at most that many directors."
  }
}

extension [ClusterFile.VIP] {
  /// The family in which VRRP for these addresses speaks: it can take IPv6 addresses along with IPv4 ones.
  public var vrrpFamily: AddressFamily { contains { $0.address.family == .ipv4 } ? .ipv4 : .ipv6 }
}
