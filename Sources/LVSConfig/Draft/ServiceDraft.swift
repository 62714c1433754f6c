import LVSModel

/// A service as the file has it, or `defaults`.
///
/// Most services say four things of the fourteen that they could, so what is there is a list.
public struct ServiceDraft: Equatable, Sendable {
  /// The service as a whole.
  public var place: Place
  /// What is said, in the order of the keys.
  public private(set) var values: [ServiceValue] = []
  /// Keys that are there under a misspelt name, and not missing.
  var misspelt: Set<ServiceKey> = []

  /// Creates a service that says nothing.
  public init(at place: Place = .nowhere) { self.place = place }

  /// Adds a value; keys come in their order.
  mutating func append(_ value: ServiceValue) { values.append(value) }

  /// Makes room for so many values.
  mutating func reserveCapacity(_ count: Int) { values.reserveCapacity(count) }

  private mutating func set(_ value: ServiceValue?, _ key: ServiceKey) {
    values.removeAll { $0.key == key }
    guard let value else { return }
    let later = Set(ServiceKey.allCases.drop { $0 != key })
    values.insert(value, at: values.firstIndex { later.contains($0.key) } ?? values.endIndex)
  }
}

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

  /// `real_servers`: names of real servers and pools, and maps.
  public var members: Placed<[MemberDraft]>? {
    get {
      for case .realServers(let value) in values { return value }
      return nil
    }
    set { set(newValue.map(ServiceValue.realServers), .realServers) }
  }
}

/// An element of `vip`.
public struct PlacedVIP: Equatable, Sendable {
  /// What it says.
  public enum Word: Equatable, Sendable {
    /// An address.
    case address(IPAddress)
    /// A name, or a range of addresses: which of them, `vips` tells.
    case word(String)
  }

  /// What it says.
  public var word: Word
  /// Where.
  public var place: Place

  /// Creates an element.
  public init(_ word: Word, at place: Place = .nowhere) {
    self.word = word
    self.place = place
  }
}

/// A word of `scheduler_flags`.
public struct SchedulerFlag: Equatable, Sendable {
  /// The word.
  public var word: String
  /// The flag that it stands for.
  public var flag: SchedulerFlags
  /// The scheduler the word is made for, or nil for the numbered ones.
  public var scheduler: Scheduler?
  /// Where it stands.
  public var place = Place.nowhere
}

/// `tunnel`.
public struct TunnelDraft: Equatable, Sendable {
  /// `type`.
  public var kind: Placed<Tunnel.Kind>?
  /// `port`.
  public var port: Placed<UInt16>?
  /// `checksum`; its word `none` is the one that switches a key off.
  public var checksum: Placed<Tunnel.Checksum>?

  /// Creates one that says nothing.
  public init() {}
}

/// `persistence`, also where it is a mere number of seconds.
public struct PersistenceDraft: Equatable, Sendable {
  /// A netmask as it is written.
  public enum Netmask: Equatable, Sendable {
    /// Four numbers, in host byte order.
    case dotted(UInt32)
    /// A number of bits.
    case prefix(Int)
  }

  /// `timeout`, in seconds.
  public var timeout: Placed<UInt32>?
  /// `netmask`.
  public var netmask: Placed<Netmask>?
  /// `engine`.
  public var engine: Placed<String>?

  /// Creates one that says nothing.
  public init() {}
}

/// An entry of a service's `real_servers`.
public enum MemberDraft: Equatable, Sendable {
  /// The name of a real server or a pool.
  case named(Placed<String>)
  /// A map. Indirect: most entries are names, and have no room for what they do not need.
  indirect case detailed(MemberDetails)

  /// Where it stands.
  public var place: Place {
    switch self {
    case .named(let name): name.place
    case .detailed(let details): details.place
    }
  }

  /// What a map says.
  var details: MemberDetails? {
    if case .detailed(let details) = self { details } else { nil }
  }
}

/// A map in a service's `real_servers`.
public struct MemberDetails: Equatable, Sendable {
  /// The map as a whole.
  public var place = Place.nowhere
  /// `server`.
  public var server: Placed<String>?
  /// `port`.
  public var port: Placed<UInt16>?
  /// `weight`.
  public var weight: Placed<Int32>?
  /// `forward`.
  public var forward: Placed<ForwardingMethod>?
  /// `tunnel`.
  public var tunnel: Placed<TunnelDraft>?
  /// `upper_threshold`, in connections.
  public var upperThreshold: Placed<UInt32>?
  /// `lower_threshold`, in connections.
  public var lowerThreshold: Placed<UInt32>?

  /// Creates one that says nothing.
  public init() {}
}
