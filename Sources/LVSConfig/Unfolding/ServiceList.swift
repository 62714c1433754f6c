import LVSModel

/// Kernel services in file order, folded: those that one entry of the file stands for have all in common but their
/// identity and what follows from its port, and each is made when it is asked for.
///
/// A few words of a file can stand for hundreds of thousands of services; the list takes memory for the words.
public struct ServiceList: Sendable {
  /// The services of one entry.
  fileprivate struct Entry: Sendable {
    /// The first of them.
    var first: ClusterFile.Service
    /// The identities of all, where there is more than one.
    var identities: ServiceIdentities?
    /// The place of the first in the list.
    var start: Int

    var count: Int { identities?.count ?? 1 }

    subscript(index: Int) -> ClusterFile.Service {
      guard let identities else { return first }
      var service = first
      service.id = identities[index]
      service.realServers.servicePort = service.id.port
      return service
    }
  }

  private var entries: [Entry] = []
  /// How many services there are.
  public private(set) var count = 0

  /// Creates a list of no services.
  public init() {}

  /// Creates a list of services that have nothing in common.
  public init(_ services: some Sequence<ClusterFile.Service>) {
    for service in services { append(service) }
  }

  /// Adds a service at the end.
  public mutating func append(_ service: ClusterFile.Service) {
    entries.append(Entry(first: service, start: count))
    count += 1
  }

  /// Adds services at the end that are like `service` but for their identities.
  mutating func append(_ service: ClusterFile.Service, for identities: ServiceIdentities) {
    guard identities.count > 1 else { return append(service) }
    entries.append(Entry(first: service, identities: identities, start: count))
    count += identities.count
  }

  /// Makes room for so many entries of the file.
  public mutating func reserveCapacity(_ capacity: Int) { entries.reserveCapacity(capacity) }

  /// One service of each entry, for questions to which the others of the entry have the same answer: about families,
  /// settings, and real servers without their ports.
  public var representatives: [ClusterFile.Service] { entries.map(\.first) }
}

extension ServiceList: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(index: Int) -> ClusterFile.Service {
    get {
      let entry = entries[place(of: index)]
      return entry[index - entry.start]
    }
    set { replaceSubrange(index..<index + 1, with: CollectionOfOne(newValue)) }
  }

  /// The entry that a service belongs to.
  private func place(of index: Int) -> Int {
    precondition((0..<count).contains(index), "There is no service at this place of the list.")
    if entries.count == count { return index }
    var (low, high) = (0, entries.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if entries[middle].start <= index { low = middle } else { high = middle }
    }
    return low
  }

  /// Replaces services; those of one entry are then no longer folded.
  public mutating func replaceSubrange(
    _ range: Range<Int>, with services: some Collection<ClusterFile.Service>
  ) {
    var all = Array(self)
    all.replaceSubrange(range, with: services)
    self = ServiceList(all)
  }

  public func makeIterator() -> Iterator { Iterator(entries: entries) }

  /// Makes the services one after the other.
  public struct Iterator: IteratorProtocol {
    private let entries: [Entry]
    private var entry = 0
    private var index = 0

    fileprivate init(entries: [Entry]) { self.entries = entries }

    public mutating func next() -> ClusterFile.Service? {
      guard entry < entries.count else { return nil }
      let service = entries[entry][index]
      index += 1
      if index == entries[entry].count {
        entry += 1
        index = 0
      }
      return service
    }
  }
}

extension ServiceList: ExpressibleByArrayLiteral {
  public init(arrayLiteral services: ClusterFile.Service...) { self.init(services) }
}

extension ServiceList: Equatable {
  public static func == (a: ServiceList, b: ServiceList) -> Bool { a.elementsEqual(b) }
}

/// The identities of the services that one entry stands for, in their order.
///
/// Indirect: most entries stand for one service, and have no room for what they do not need.
indirect enum ServiceIdentities: Sendable {
  /// Each protocol of each port of each address.
  case addresses([IPAddress], [UInt16], [TransportProtocol])
  case fwmarks([UInt32], AddressFamily)

  var count: Int {
    switch self {
    case .addresses(let addresses, let ports, let protocols): addresses.count * ports.count * protocols.count
    case .fwmarks(let marks, _): marks.count
    }
  }

  subscript(index: Int) -> ServiceID {
    switch self {
    case .addresses(let addresses, let ports, let protocols):
      let (rest, proto) = index.quotientAndRemainder(dividingBy: protocols.count)
      let (address, port) = rest.quotientAndRemainder(dividingBy: ports.count)
      return .address(protocols[proto], addresses[address], port: ports[port])
    case .fwmarks(let marks, let family): return .fwmark(marks[index], family)
    }
  }
}
