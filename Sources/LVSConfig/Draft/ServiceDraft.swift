import LVSModel

/// A service as the file has it, or `defaults`.
///
/// Most services say four things of the eighteen that they could, so what is there is a list.
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

  /// Puts a value at the place of its key, or takes it away.
  mutating func set(_ value: ServiceValue?, _ key: ServiceKey) {
    values.removeAll { $0.key == key }
    guard let value else { return }
    let later = Set(ServiceKey.allCases.drop { $0 != key })
    values.insert(value, at: values.firstIndex { later.contains($0.key) } ?? values.endIndex)
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
  /// `check`; a fallback has none.
  public var checks: Placed<ChecksDraft>?

  /// Creates one that says nothing.
  public init() {}
}
