import LVSModel

/// One of the things that a service says. What is rare and large is indirect.
public enum ServiceValue: Equatable, Sendable {
  /// `vip`: addresses, ranges, and names from `vips`.
  case vip(Placed<[PlacedVIP]>)
  /// `port`: ports and ranges of them.
  case port(Placed<[PortRange]>)
  /// `protocol`.
  case `protocol`(Placed<[TransportProtocol]>)
  /// `fwmark`: firewall marks and ranges of them.
  case fwmark(Placed<[FwmarkRange]>)
  /// `family`, of firewall marks.
  case family(Placed<AddressFamily>)
  /// `scheduler`.
  case scheduler(Placed<Scheduler>)
  /// `scheduler_flags`.
  case schedulerFlags(Placed<[SchedulerFlag]>)
  /// `forward`; a tunnel's details are those of `tunnel`.
  case forward(Placed<ForwardingMethod>)
  /// `tunnel`.
  indirect case tunnel(Placed<TunnelDraft>)
  /// `persistence`.
  indirect case persistence(Placed<PersistenceDraft>)
  /// `one_packet`.
  case onePacket(Placed<Bool>)
  /// `weights`.
  case weights(Placed<WeightPolicy>)
  /// `held_by`: whether by another program.
  case heldBy(Placed<Bool>)
  /// `check`.
  indirect case check(Placed<ChecksDraft>)
  /// `on_failure`.
  case onFailure(Placed<FailurePolicy>)
  /// `fallback`: the name of a real server, or a map as in `real_servers`.
  indirect case fallback(Placed<MemberDraft>)
  /// `quorum`, in real servers.
  case quorum(Placed<Int>)
  /// `real_servers`: names of real servers and pools, and maps.
  case realServers(Placed<[MemberDraft]>)

  /// The key.
  var key: ServiceKey {
    switch self {
    case .vip: .vip
    case .port: .port
    case .protocol: .protocol
    case .fwmark: .fwmark
    case .family: .family
    case .scheduler: .scheduler
    case .schedulerFlags: .schedulerFlags
    case .forward: .forward
    case .tunnel: .tunnel
    case .persistence: .persistence
    case .onePacket: .onePacket
    case .weights: .weights
    case .heldBy: .heldBy
    case .check: .check
    case .onFailure: .onFailure
    case .fallback: .fallback
    case .quorum: .quorum
    case .realServers: .realServers
    }
  }
}

extension ServiceDraft {
  /// `vip`: addresses, ranges, and names from `vips`.
  public var vips: Placed<[PlacedVIP]>? {
    get {
      for case .vip(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.vip), .vip) }
  }

  /// `port`: ports and ranges of them.
  public var ports: Placed<[PortRange]>? {
    get {
      for case .port(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.port), .port) }
  }

  /// `protocol`.
  public var protocols: Placed<[TransportProtocol]>? {
    get {
      for case .protocol(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.`protocol`), .protocol) }
  }

  /// `fwmark`: firewall marks and ranges of them.
  public var fwmarks: Placed<[FwmarkRange]>? {
    get {
      for case .fwmark(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.fwmark), .fwmark) }
  }

  /// `family`, of firewall marks.
  public var family: Placed<AddressFamily>? {
    get {
      for case .family(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.family), .family) }
  }

  /// `scheduler`.
  public var scheduler: Placed<Scheduler>? {
    get {
      for case .scheduler(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.scheduler), .scheduler) }
  }

  /// `scheduler_flags`.
  public var schedulerFlags: Placed<[SchedulerFlag]>? {
    get {
      for case .schedulerFlags(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.schedulerFlags), .schedulerFlags) }
  }

  /// `forward`; a tunnel's details are those of `tunnel`.
  public var forward: Placed<ForwardingMethod>? {
    get {
      for case .forward(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.forward), .forward) }
  }

  /// `tunnel`.
  public var tunnel: Placed<TunnelDraft>? {
    get {
      for case .tunnel(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.tunnel), .tunnel) }
  }

  /// `persistence`.
  public var persistence: Placed<PersistenceDraft>? {
    get {
      for case .persistence(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.persistence), .persistence) }
  }

  /// `one_packet`.
  public var onePacket: Placed<Bool>? {
    get {
      for case .onePacket(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.onePacket), .onePacket) }
  }

  /// `weights`.
  public var weights: Placed<WeightPolicy>? {
    get {
      for case .weights(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.weights), .weights) }
  }

  /// `held_by`: whether by another program.
  public var isHeldExternally: Placed<Bool>? {
    get {
      for case .heldBy(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.heldBy), .heldBy) }
  }

  /// `check`.
  public var checks: Placed<ChecksDraft>? {
    get {
      for case .check(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.check), .check) }
  }

  /// `on_failure`.
  public var onFailure: Placed<FailurePolicy>? {
    get {
      for case .onFailure(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.onFailure), .onFailure) }
  }

  /// `fallback`: the name of a real server, or a map as in `real_servers`.
  public var fallback: Placed<MemberDraft>? {
    get {
      for case .fallback(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.fallback), .fallback) }
  }

  /// `quorum`, in real servers.
  public var quorum: Placed<Int>? {
    get {
      for case .quorum(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.quorum), .quorum) }
  }

  /// `real_servers`: names of real servers and pools, and maps.
  public var members: Placed<[MemberDraft]>? {
    get {
      for case .realServers(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.realServers), .realServers) }
  }
}

extension ServiceValue {
  /// The value as the file says it; nil where it is not known.
  var node: YAMLWriter.Node? {
    switch self {
    case .vip(let vips): Optional(vips).node { $0.oneOrList(\.node) }
    case .port(let ports): Optional(ports).node { $0.oneOrList { .range($0.lower, $0.upper) } }
    case .protocol(let protocols): Optional(protocols).node { $0.oneOrList { .word($0.word) } }
    case .fwmark(let marks): Optional(marks).node { $0.oneOrList { .range($0.lower, $0.upper) } }
    case .family(let family): Optional(family).node { .word($0.word) }
    case .scheduler(let scheduler): Optional(scheduler).node { .text($0.name) }
    case .schedulerFlags(let flags): Optional(flags).node { .list($0.map { .word($0.word) }) }
    case .forward(let forward): Optional(forward).node { .word($0.draftWord) }
    case .tunnel(let tunnel): Optional(tunnel).node { $0.node }
    case .persistence(let persistence): Optional(persistence).node { $0.node }
    case .onePacket(let onePacket): Optional(onePacket).node { .word($0) }
    case .weights(let weights): Optional(weights).node { .word($0 == .external ? "external" : "fixed") }
    case .heldBy(let isExternal): Optional(isExternal).node { .word($0 ? "external" : "lvsctl") }
    case .check(let checks): Optional(checks).node { $0.node }
    case .onFailure(let policy): Optional(policy).node { .word($0.rawValue) }
    case .fallback(let fallback): fallback.isNone ? .scalar("none") : fallback.value?.node
    case .quorum(let quorum): Optional(quorum).node { .word($0) }
    case .realServers(let members): Optional(members).node { .list($0.compactMap(\.node)) }
    }
  }
}
