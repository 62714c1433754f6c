import LVSModel

/// The real servers of a service, in file order; services of one entry of the file share them, though most have the port
/// of their service.
public struct ServiceMembers: Sendable {
  /// A member, whose port counts only where it is its own; in an order that leaves no gaps.
  struct Folded: Sendable {
    var server: Int32
    var id: RealServerID
    var settings: RealServerSettings
    var hasOwnPort: Bool
  }

  var folded: [Folded] = []
  /// The port of those that have none of their own.
  var servicePort: UInt16 = 0
  /// The checks of those that have their own, by their place.
  private var ownChecks: [Int: [Check]] = [:]

  /// Creates a list of no real servers.
  public init() {}

  /// Makes room for so many, which have this port unless they have their own.
  init(servicePort: UInt16, capacity: Int) {
    self.servicePort = servicePort
    folded.reserveCapacity(capacity)
  }

  /// Whether any of them has checks of its own.
  public var haveOwnChecks: Bool { !ownChecks.isEmpty }

  /// Adds a real server with a port of its own, or nil for that of the service.
  mutating func append(
    server: Int, address: IPAddress, port: UInt16?, settings: RealServerSettings, checks: [Check]? = nil
  ) {
    let id = RealServerID(address: address, port: port ?? servicePort)
    if let checks { ownChecks[folded.count] = checks }
    folded.append(Folded(server: Int32(server), id: id, settings: settings, hasOwnPort: port != nil))
  }
}

extension ServiceMembers: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { folded.count }

  public subscript(index: Int) -> ClusterFile.Member {
    get {
      let found = folded[index]
      let port = found.hasOwnPort ? found.id.port : servicePort
      return ClusterFile.Member(
        server: Int(found.server), id: RealServerID(address: found.id.address, port: port), settings: found.settings,
        checks: ownChecks.isEmpty ? nil : ownChecks[index])
    }
    set { replaceSubrange(index..<index + 1, with: CollectionOfOne(newValue)) }
  }

  public mutating func replaceSubrange(_ range: Range<Int>, with members: some Collection<ClusterFile.Member>) {
    let growth = members.count - range.count
    var checks: [Int: [Check]] = [:]
    for (index, own) in ownChecks where !range.contains(index) {
      checks[index < range.lowerBound ? index : index + growth] = own
    }
    for (index, member) in zip(range.lowerBound..., members) { checks[index] = member.checks }
    ownChecks = checks
    folded.replaceSubrange(range, with: members.map(Self.own))
  }

  private static func own(_ member: ClusterFile.Member) -> Folded {
    Folded(server: Int32(member.server), id: member.id, settings: member.settings, hasOwnPort: true)
  }
}

extension ServiceMembers {
  public func makeIterator() -> Iterator { Iterator(self) }

  /// Makes the members one after the other; whoever goes through them does so without a call for each.
  public struct Iterator: IteratorProtocol {
    let members: ServiceMembers
    var index = 0

    init(_ members: ServiceMembers) { self.members = members }

    public mutating func next() -> ClusterFile.Member? {
      guard index < members.endIndex else { return nil }
      defer { index += 1 }
      return members[index]
    }
  }
}

extension ServiceMembers: Equatable {
  public static func == (a: ServiceMembers, b: ServiceMembers) -> Bool { a.elementsEqual(b) }
}
