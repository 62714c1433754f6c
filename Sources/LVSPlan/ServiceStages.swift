import LVSModel

/// Which services of a plan come at another time than the rest.
struct ServiceStages {
  /// New services that come after their VIP.
  ///
  /// As a real server this node holds the VIP already, and another director may be sending it packets: with the service in
  /// the table and the VIP still over there it would balance them once more. Once it holds the VIP as a director, what
  /// arrives before the service is there is answered here.
  let late: Set<ServiceID>

  init(_ target: Target, _ observed: HostState) {
    guard !target.servedHere.isEmpty else {
      late = []
      return
    }
    let held = Set(observed.addresses.keys.map(\.address))
    let coming = Set(target.announced.lazy.filter { observed.addresses[$0] == nil }.map(\.address))
    late = target.servedHere.filter { id in
      guard observed.services[id] == nil, !target.resting.contains(id) else { return false }
      guard let vip = id.vip else { return !coming.isDisjoint(with: held) }
      return coming.contains(vip) && held.contains(vip)
    }
  }
}
