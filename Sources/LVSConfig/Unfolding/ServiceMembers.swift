import LVSModel

/// The real servers of a service, in file order; services of one entry of the file share them, though most have the port
/// of their service.
package struct ServiceMembers: Sendable {
  /// A member, whose port counts only where it is its own; in an order that leaves no gaps.
  @usableFromInline
  struct Folded: Sendable {
    @usableFromInline var server: Int32
    @usableFromInline var id: RealServerID
    @usableFromInline var settings: RealServerSettings
    @usableFromInline var hasOwnPort: Bool
  }

  @usableFromInline var folded: [Folded] = []
  /// The port of those that have none of their own.
  @usableFromInline var servicePort: UInt16 = 0

  /// Creates a list of no real servers.
  package init() {}

  /// Makes room for so many, which have this port unless they have their own.
  init(servicePort: UInt16, capacity: Int) {
    self.servicePort = servicePort
    folded.reserveCapacity(capacity)
  }

  /// Adds a real server with a port of its own, or nil for that of the service.
  mutating func append(server: Int, address: IPAddress, port: UInt16?, settings: RealServerSettings) {
    let id = RealServerID(address: address, port: port ?? servicePort)
    folded.append(Folded(server: Int32(server), id: id, settings: settings, hasOwnPort: port != nil))
  }
}

extension ServiceMembers: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
  @inlinable package var startIndex: Int { 0 }
  @inlinable package var endIndex: Int { folded.count }

  package subscript(index: Int) -> ClusterFile.Member {
    @inlinable get {
      let found = folded[index]
      let port = found.hasOwnPort ? found.id.port : servicePort
      return ClusterFile.Member(
        server: Int(found.server), id: RealServerID(address: found.id.address, port: port), settings: found.settings)
    }
    set { folded[index] = Self.own(newValue) }
  }

  package mutating func replaceSubrange(_ range: Range<Int>, with members: some Collection<ClusterFile.Member>) {
    folded.replaceSubrange(range, with: members.map(Self.own))
  }

  private static func own(_ member: ClusterFile.Member) -> Folded {
    Folded(server: Int32(member.server), id: member.id, settings: member.settings, hasOwnPort: true)
  }
}

extension ServiceMembers {
  @inlinable package func makeIterator() -> Iterator { Iterator(self) }

  /// Makes the members one after the other; whoever goes through them does so without a call for each.
  package struct Iterator: IteratorProtocol {
    @usableFromInline let members: ServiceMembers
    @usableFromInline var index = 0

    @inlinable init(_ members: ServiceMembers) { self.members = members }

    @inlinable package mutating func next() -> ClusterFile.Member? {
      guard index < members.endIndex else { return nil }
      defer { index += 1 }
      return members[index]
    }
  }
}

extension ServiceMembers: Equatable {
  package static func == (a: ServiceMembers, b: ServiceMembers) -> Bool { a.elementsEqual(b) }
}
