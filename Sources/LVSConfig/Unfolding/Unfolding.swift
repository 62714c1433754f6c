import LVSModel
import LVSText

/// Makes a cluster file of a draft: names are looked up, rules judge, services are unfolded.
struct Unfolding {
  private let draft: ClusterDraft
  private let faults: FileFaults
  /// The machines and pools by name, and what holds which address.
  private var names: NameTable
  /// The VIPs, in the order of their first mention once all services are known.
  private var vips: VIPTable
  /// What `ignore` says, where the file has it.
  private let ignored: IgnoredServices.Lookup?
  /// What `defaults` says.
  private let defaults: ServiceDraft
  /// The members of a service that names none.
  private lazy var allServers = names.allRealServers()
  private var defaultMembers: MemberList?
  /// Whether `defaults` says anything of health.
  private let defaultsSayHealth: Bool
  /// The services found so far, and the characters where they are.
  private var services = ServiceList()
  private var servicePlaces: [ServiceID: UInt32] = [:]
  /// The settings of the last of them.
  private var lastSettings = ServiceSettings()
  /// Kernel services and real servers in them.
  private(set) var entries = 0

  init(_ draft: ClusterDraft, _ faults: FileFaults) {
    self.draft = draft
    self.faults = faults
    names = NameTable(draft, faults)
    checkOneAddressPerFamily(draft, names, faults)
    checkForwardingDirectors(draft, names, faults)
    checkTwoRoles(names, faults)
    checkOneRealServerPerDirector(draft, names, faults)
    checkOneDirectorPerRealServer(draft, names, faults)
    vips = VIPTable(draft, names, faults)
    checkRepeatedIgnored(draft, faults)
    ignored = draft.ignored?.value.map { IgnoredServices.Lookup(IgnoredServices($0)) }
    defaults = draft.defaults?.value ?? ServiceDraft()
    defaultsSayHealth = defaults.saysHealth
  }

  /// The cluster file; nil where anything is an error.
  mutating func file() -> ClusterFile? {
    checkTunnel(defaults.tunnel, faults)
    checkMemberTunnels(defaults.members?.value, faults)
    checkThresholds(defaults.members?.value, faults)
    checkFallback(defaults.fallback)
    defaultMembers = defaults.members.map { names.members($0.value ?? [], draft, faults) }
    let drafts = draft.services?.value ?? []
    services.reserveCapacity(drafts.count)
    for service in drafts {
      guard entries <= ClusterFile.entryLimit else { break }
      add(service)
    }
    let vips = vips.inFileOrder()
    checkVRRP(draft, vips, faults)
    guard !faults.hasErrors else { return nil }
    var file = ClusterFile(draft)
    file.services = services
    file.vips = vips
    return file
  }

  private mutating func add(_ own: ServiceDraft) {
    // Everything is looked up before anything is judged, so that no fault hides another.
    var service = ServiceView(own, defaults, vips, faults)
    checkTunnel(own.tunnel, faults)
    checkMemberTunnels(own.members?.value, faults)
    checkThresholds(own.members?.value, faults)
    // A list that is faulty is as good as none to the rules that remain, and `none` is an empty one.
    var list: MemberList =
      if let members = own.members {
        names.members(members.value ?? [], draft, faults)
      } else {
        defaultMembers ?? allServers
      }
    checkIdentity(service, faults)
    let health = health(service, &list)

    // Before anything is unfolded, so that a short file cannot ask for a long one.
    entries += service.count * (1 + list.members.count)
    guard entries <= ClusterFile.entryLimit else {
      faults.report(
        .tooManyEntries, at: service.place,
        "Up to here the file asks for more than \(ClusterFile.entryLimit) services and real servers in them."
      ) {
        "Use a firewall mark for a wide range of addresses or ports: one `fwmark` service takes them all."
      }
      return
    }
    vips.use(service.vips, names, faults)
    checkOwnTunnel(service, list, faults)
    guard service.has(.ipv4) || service.has(.ipv6) else {
      checkSettings(service)
      _ = members(list, service)
      return
    }
    for family in [AddressFamily.ipv4, .ipv6] where service.has(family) {
      service.family = family
      checkSettings(service)
      let members = members(list, service)
      if list.hasServerTwice { checkRealServersTwice(members, service, faults) }
      unfold(service, family, members, health)
    }
  }

  // MARK: Health

  /// How a service goes by the health of its real servers, which its fallback joins; nil where nothing is said of it, or
  /// where nothing of it is lvsctl's.
  private func health(_ service: ServiceView, _ list: inout MemberList) -> ClusterFile.HealthPolicy? {
    let saysHealth = service.own.saysHealth
    if saysHealth { checkFallback(service.own.fallback) }
    guard saysHealth || defaultsSayHealth || list.hasChecks else { return nil }
    var service = service
    // For a title in messages.
    service.family = service.has(.ipv4) ? .ipv4 : service.has(.ipv6) ? .ipv6 : nil
    guard !service.isOthers else {
      checkOthersHealth(service, faults)
      return nil
    }
    if let fallback = service.said({ $0.fallback })?.value, let server = names.fallback(fallback, faults) {
      checkFallbackWeight(fallback, server, draft, faults)
      list = list.with(fallback, server, in: service, draft, faults)
    }
    if service.said({ $0.members })?.isFaulty == true { list.isWhole = false }
    checkHealthPorts(service, list, faults)
    checkQuorum(service, list, faults)
    return ClusterFile.HealthPolicy(
      checks: service.checks?.checks ?? [], onFailure: service.said({ $0.onFailure })?.value ?? .drain,
      quorum: service.said({ $0.quorum })?.value ?? 1, hasFallback: list.hasFallback)
  }

  /// What is wrong with a fallback by itself.
  private func checkFallback(_ fallback: Placed<MemberDraft>?) {
    guard let fallback = fallback?.value else { return }
    checkMemberTunnels([fallback], faults)
    checkThresholds([fallback], faults)
  }

  private func checkSettings(_ service: ServiceView) {
    checkSchedulerFlags(service, faults)
    checkPersistenceEngine(service, faults)
    checkPersistenceNetmask(service, faults)
    checkOnePacket(service, faults)
    checkPortZero(service, faults)
  }

  // MARK: Members

  /// The real servers of a service in its family; those that break a rule are reported and left out.
  private func members(_ list: MemberList, _ service: ServiceView) -> [ResolvedMember] {
    let forward = service.said({ $0.forward }).orElse(.dr)
    let tunnel = service.said({ $0.tunnel }).map { $0.value?.tunnel } ?? Tunnel()
    var resolved: [ResolvedMember] = []
    resolved.reserveCapacity(list.members.count)
    for member in list.members {
      let details = list.details(of: member)
      guard let method = Self.method(details, forward, tunnel) else { continue }
      let index = Int(member.server)
      let place = list.place(of: member) ?? service.place
      if let details {
        checkMemberTunnel(details, method, faults)
        checkRealServerPort(details, method, service, faults)
      }
      let server = names.realServers[index]
      guard !server.isForwardingDirector || method == .dr else {
        checkLocalForward(index, method, at: place, service, draft, faults)
        continue
      }
      guard !server.isFaulty, let family = service.family else { continue }
      var address = server.address(family)
      if address == nil {
        checkFamily(of: index, method, family, at: place, service, draft, names, faults)
        guard method.tunnel != nil, draft.sync.unlessNone() == nil else { continue }
        address = server.address(family == .ipv4 ? .ipv6 : .ipv4)
      }
      guard let address else { continue }
      resolved.append(
        ResolvedMember(
          server: index, address: address, port: details?.port?.value,
          settings: RealServerSettings(
            forward: method, weight: details?.weight?.value ?? server.weight,
            upperThreshold: details?.upperThreshold?.value ?? 0, lowerThreshold: details?.lowerThreshold?.value ?? 0),
          checks: list.checks(of: member), place: place))
    }
    return resolved
  }

  /// The forwarding method with its tunnel, or nil where either is faulty.
  private static func method(
    _ details: MemberDetails?, _ forward: ForwardingMethod?, _ tunnel: Tunnel?
  ) -> ForwardingMethod? {
    var (forward, tunnel) = (forward, tunnel)
    if let own = details?.forward { forward = own.isNone ? .dr : own.value }
    guard let forward else { return nil }
    guard case .tun = forward else { return forward }
    if let own = details?.tunnel { tunnel = own.isNone ? Tunnel() : own.value?.tunnel }
    return tunnel.map(ForwardingMethod.tun)
  }

  // MARK: Kernel services

  private mutating func unfold(
    _ service: ServiceView, _ family: AddressFamily, _ members: [ResolvedMember], _ health: ClusterFile.HealthPolicy?
  ) {
    let ignored = service.said({ $0.isHeldExternally })?.value == true ? nil : ignored
    for range in service.fwmarks {
      for mark in range.lower...range.upper {
        note(.fwmark(mark, family), at: range.place, ignored, ignoredAt: range.place)
      }
    }
    for addresses in service.vips where addresses.family == family {
      addresses.forEach { address in
        for range in service.ports {
          for port in range.lower...range.upper {
            for proto in service.protocols {
              note(.address(proto, address, port: port), at: range.place, ignored, ignoredAt: service.place)
            }
          }
        }
      }
    }
    if !faults.hasErrors { append(service, family, members, health) }
  }

  /// Notes where a kernel service is; one that is there already is reported.
  private mutating func note(
    _ id: ServiceID, at place: Place, _ ignored: IgnoredServices.Lookup?, ignoredAt: Place
  ) {
    if let first = servicePlaces[id] {
      faults.reportOnce(
        .repeatedService, at: place,
        "The service \(id) is in the file already, on line \(faults.line(ofCharacter: first))."
      ) {
        "Merge the two, or give one another port, protocol or address."
      }
      return
    }
    servicePlaces[id] = place.start
    if let ignored { checkIgnored(id, by: ignored, at: ignoredAt, faults) }
  }

  private mutating func append(
    _ service: ServiceView, _ family: AddressFamily, _ resolved: [ResolvedMember], _ health: ClusterFile.HealthPolicy?
  ) {
    let identities = service.identities(family)
    guard identities.count > 0 else { return }
    let id = identities[0]
    var members = ServiceMembers(servicePort: id.port, capacity: resolved.count)
    for member in resolved {
      members.append(
        server: member.server, address: member.address, port: member.port, settings: member.settings,
        checks: health == nil ? nil : member.checks)
    }
    // Services with the settings of their neighbours share them.
    let settings = Self.settings(service, family)
    if lastSettings != settings { lastSettings = settings }
    services.append(
      ClusterFile.Service(
        id: id, settings: lastSettings, weights: service.said({ $0.weights })?.value ?? .fixed,
        isHeldExternally: service.said({ $0.isHeldExternally })?.value ?? false,
        health: health ?? ClusterFile.HealthPolicy(),
        members: members),
      for: identities)
  }

  private static func settings(_ service: ServiceView, _ family: AddressFamily) -> ServiceSettings {
    var settings = ServiceSettings(scheduler: service.said({ $0.scheduler })?.value ?? .wlc)
    for flag in service.said({ $0.schedulerFlags })?.value ?? [] { settings.schedulerFlags.insert(flag.flag) }
    if let persistence = service.said({ $0.persistence })?.value {
      settings.persistence = Persistence(
        timeout: persistence.timeout?.value ?? PersistenceKey.standardTimeout,
        netmask: persistence.netmask?.value?.mask(family) ?? .host(family), engine: persistence.engine?.value)
    }
    if service.said({ $0.onePacket })?.value == true { settings.onePacket = true }
    return settings
  }
}
