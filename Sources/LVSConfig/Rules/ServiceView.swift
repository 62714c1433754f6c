import LVSModel

/// A service as its rules see it: what it says and what `defaults` says for it, with the names looked up.
struct ServiceView {
  let own: ServiceDraft
  let defaults: ServiceDraft
  /// Where to point for the service as a whole.
  var place: Place
  var vips: [VIPRange] = []
  var ports: [PortRange] = []
  /// Empty where that is not known.
  var protocols: [TransportProtocol] = []
  /// Whether it is a service of firewall marks.
  var isMark = false
  var fwmarks: [FwmarkRange] = []
  /// The family of the firewall marks.
  var markFamily: AddressFamily?
  /// The family of the part of it that is looked at, or nil where that is not known.
  var family: AddressFamily?

  /// What the service says, or else what is said of all; nil where neither says anything, or where `none` switches it off.
  func said<Value>(_ of: (ServiceDraft) -> Placed<Value>?) -> Placed<Value>? { (of(own) ?? of(defaults)).unlessNone() }

  /// Looks up what a service is called.
  init(_ own: ServiceDraft, _ defaults: ServiceDraft, _ table: VIPTable, _ faults: FileFaults) {
    self.own = own
    self.defaults = defaults
    if let fwmarks = own.fwmarks.unlessNone() {
      place = fwmarks.place
      isMark = true
      self.fwmarks = fwmarks.value ?? []
      markFamily = said({ $0.family }).orElse(.ipv4)
    } else {
      place = own.vips.unlessNone()?.place ?? own.place
      ports = own.ports?.value ?? []
      protocols = said({ $0.protocols }).orElse([.tcp]) ?? []
    }
    // Of a service of firewall marks too: that it has no `vip` hides no fault in it.
    let ranges = own.vips?.value.map { table.ranges($0, faults) } ?? []
    if !isMark { vips = ranges }
  }

  /// Whether a part of it is in a family.
  func has(_ family: AddressFamily) -> Bool {
    isMark ? !fwmarks.isEmpty && markFamily == family : vips.contains { $0.family == family }
  }

  /// How many kernel services it stands for, no number much above the limit of entries. What is faulty counts as one:
  /// that is the least it will be, and the rest is looked at nevertheless.
  var count: Int {
    let limit = ClusterFile.entryLimit + 1
    guard !isMark else { return max(1, fwmarks.reduce(0) { min(limit, $0 + $1.count) }) }
    let addresses = vips.reduce(0) { min(limit, $0 + $1.count(atMost: limit)) }
    let each = ports.reduce(0) { $0 + $1.count } * protocols.count
    return min(limit, max(1, addresses) * max(1, each))
  }

  /// The first of the kernel services, for messages.
  var title: String {
    guard let family else { return "here" }
    if isMark { return fwmarks.first.map { "\(ServiceID.fwmark($0.lower, family))" } ?? "here" }
    guard let vip = vips.first(where: { $0.family == family }), let proto = protocols.first, let port = ports.first
    else { return "here" }
    return "\(ServiceID.address(proto, vip.lower, port: port.lower))"
  }

  /// The kernel services of its part in one family.
  func identities(_ family: AddressFamily) -> ServiceIdentities {
    if isMark { return .fwmarks(fwmarks.flatMap { $0.lower...$0.upper }, family) }
    var addresses: [IPAddress] = []
    for range in vips where range.family == family { range.forEach { addresses.append($0) } }
    return .addresses(addresses, ports.flatMap { $0.lower...$0.upper }, protocols)
  }
}

/// A real server of a service with its settings; without a port of its own it has the service's.
struct ResolvedMember {
  var server: Int
  var address: IPAddress
  var port: UInt16?
  var settings: RealServerSettings
  /// What is asked of it, or nil for what the service asks of all.
  var checks: [Check]?
  var place: Place
}
