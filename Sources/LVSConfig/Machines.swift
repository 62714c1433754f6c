import LVSModel

/// Directors, real servers and pools, by name and by address.
struct NameTable {
  /// What a name in a service's `real_servers` stands for.
  enum Target {
    case realServer(Int)
    case pool(Int)
  }

  /// A real server as the rules need it; an entry that is faulty has no addresses, and rules about them stay silent.
  struct RealServer {
    var node: Int
    /// The scalar of its name, where it has one.
    var nameNode: Int?
    var ipv4: IPAddress?
    var ipv6: IPAddress?
    var weight: Int32
    /// Whether it is no machine, but whichever director forwards.
    var isForwardingDirector = false

    var isFaulty: Bool { ipv4 == nil && ipv6 == nil }

    func address(_ family: AddressFamily) -> IPAddress? { family == .ipv4 ? ipv4 : ipv6 }
  }

  var directors: [String: (node: Int, addresses: [IPAddress], index: Int)] = [:]
  /// Their names in file order.
  var directorNames: [String] = []
  /// Whether the names of some directors could not be read.
  var lacksDirectors = false
  var targets: [String: (target: Target, node: Int)] = [:]
  /// The same names in file order.
  var targetNames: [String] = []
  /// Whether a part of the file that gives names could not be read: an unknown name may well be in there.
  var isIncomplete = false
  var realServers: [RealServer] = []
  /// The real servers of each pool.
  var pools: [[Int]] = []
  /// The nodes of addresses of directors and of real servers.
  var directorAddresses: [IPAddress: Int] = [:]
  var realServerAddresses: [IPAddress: Int] = [:]
}

extension ClusterFileReader {
  func readDirectors(_ top: Fields<TopKey>, into file: inout ClusterFile) {
    let help = "List the machines that balance, the active one first: `- { name: …, address: …, interface: … }`."
    guard let node = required(.directors, in: top, help: help) else { return }
    guard let list = sequence(node, "`directors`", help: { help }) else {
      names.lacksDirectors = true
      return
    }
    guard tape[list].count > 0 else {
      report(.missingValue, at: node, "`directors` is empty, and a cluster needs at least one.") { help }
      return
    }
    tape.forEachElement(of: list) { element in
      guard let map = mapping(element, "a director", help: { help }) else {
        names.lacksDirectors = true
        return
      }
      let fields = fields(of: map, DirectorKey.self)
      let name = required(.name, in: fields, help: "Give the director a name, as in `name: director1`.").flatMap {
        directorName($0)
      }
      let addresses =
        required(.address, in: fields, help: "Give the address by which the director is recognised.").flatMap {
          machineAddresses($0, of: "a director", in: \.directorAddresses, linkLocal: true)
        } ?? []
      let interface = required(
        .interface, in: fields, help: "Name the interface that is to hold the VIPs, as in `interface: eth0`."
      ).flatMap { self.interface($0) }
      file.directors.append(
        ClusterFile.Director(name: name ?? "", addresses: addresses, interface: interface ?? ""))
      guard let name, let nameNode = fields[.name] else {
        names.lacksDirectors = true
        return
      }
      if let first = names.directors[name] {
        reportRepeatedName(name, at: nameNode, first: first.node, what: "director")
      } else {
        names.directors[name] = (nameNode, addresses, file.directors.count - 1)
        names.directorNames.append(name)
      }
    }
  }

  /// The name of a director, which `held_by` must be able to say.
  private func directorName(_ node: Int) -> String? {
    guard let name = name(node, of: "a director") else { return nil }
    let meaning: String? =
      switch name {
      case "lvsctl": "the active director"
      case "external": "another program"
      case "none": "the default"
      default: nil
      }
    guard let meaning else { return name }
    report(.badName, at: node, "A director cannot be called `\(name)`: as `held_by` of a VIP that means \(meaning).") {
      "Give the director another name."
    }
    return nil
  }

  func readRealServers(_ top: Fields<TopKey>, into file: inout ClusterFile) {
    guard let node = top[.realServers] else { return }
    let help = "List the machines that answer: `- { name: …, address: … }`."
    guard let list = sequence(node, "`real_servers`", help: { help }) else {
      names.isIncomplete = true
      return
    }
    tape.forEachElement(of: list) { element in
      guard let map = mapping(element, "an entry of `real_servers`", help: { help }) else {
        names.isIncomplete = true
        return
      }
      let fields = fields(of: map, RealServerKey.self)
      let name = required(.name, in: fields, help: "Give the real server a name, as in `name: web1`.").flatMap {
        self.name($0, of: "a real server")
      }
      let addresses =
        required(.address, in: fields, help: "Give the address to which its packets go.").flatMap {
          machineAddresses(
            $0, of: "a real server", in: \.realServerAddresses, linkLocal: false, mayBeLoopback: true)
        } ?? []
      checkOnePerFamily(addresses, at: fields[.address])
      let isForwardingDirector = checkForwardingDirector(addresses, fields)
      let weight = fields[.weight].flatMap { self.weight($0) } ?? 1
      let interface = fields[.interface].flatMap { self.interface($0) }
      file.realServers.append(
        ClusterFile.RealServer(name: name ?? "", addresses: addresses, weight: weight, interface: interface))
      names.realServers.append(
        NameTable.RealServer(
          node: element, nameNode: fields[.name].map(tape.resolved), ipv4: addresses.first { $0.family == .ipv4 },
          ipv6: addresses.first { $0.family == .ipv6 },
          weight: weight, isForwardingDirector: isForwardingDirector))
      guard let name, let nameNode = fields[.name] else {
        names.isIncomplete = true
        return
      }
      addTarget(name, .realServer(names.realServers.count - 1), at: nameNode)
    }
  }

  /// Whether a real server is no machine but the director that forwards, by its loopback address.
  ///
  /// Whichever director is active takes the packets itself, and has the VIP already.
  private func checkForwardingDirector(_ addresses: [IPAddress], _ fields: Fields<RealServerKey>) -> Bool {
    guard let loopback = addresses.first(where: \.isLoopback) else { return false }
    if let other = addresses.first(where: { !$0.isLoopback }), let node = fields[.address] {
      report(.unusableAddress, at: node, "\(loopback) is the director that forwards, and \(other) is a machine.") {
        "Write two entries, one for each."
      }
    }
    if let node = fields[.interface] {
      report(
        .badInterface, at: node,
        "The address \(loopback) is the director that forwards, and no VIP goes anywhere for it."
      ) {
        "Leave `interface` out; the director holds the VIP already."
      }
    }
    return true
  }

  /// A weight, 0 to 2147483647.
  func weight(_ node: Int) -> Int32? {
    integer(node, "weight", in: KeyRange.weight) {
      "A weight is a share of the new connections; 0 means no new ones."
    }.map(Int32.init)
  }

  /// The addresses of one machine: one, or a list of them; nil where any is faulty.
  private func machineAddresses(
    _ node: Int, of what: String, in table: WritableKeyPath<NameTable, [IPAddress: Int]>, linkLocal: Bool,
    mayBeLoopback: Bool = false
  ) -> [IPAddress]? {
    var addresses: [IPAddress] = []
    var isFaulty = false
    func add(_ node: Int) {
      guard let address = address(node, "address"),
        mayBeLoopback && address.isLoopback || checkUsable(address, at: node, as: what, linkLocal: linkLocal)
      else {
        isFaulty = true
        return
      }
      if let first = names[keyPath: table][address] {
        report(
          .repeatedAddress, at: node, "The address \(address) is already on line \(line(of: first)), in the same list."
        ) {
          "Two machines cannot share an address; give one of them another, or make them one entry."
        }
        isFaulty = true
        return
      }
      names[keyPath: table][address] = node
      addresses.append(address)
    }
    let resolved = tape.resolved(node)
    guard tape[resolved].kind == .sequence else {
      add(node)
      return isFaulty ? nil : addresses
    }
    guard tape[resolved].count > 0 else {
      report(.missingValue, at: node, "The list of addresses is empty.") { "Give at least one address." }
      return nil
    }
    tape.forEachElement(of: resolved, add)
    return isFaulty ? nil : addresses
  }

  private func checkOnePerFamily(_ addresses: [IPAddress], at node: Int?) {
    guard let node else { return }
    for family in AddressFamily.allCases where addresses.count(where: { $0.family == family }) > 1 {
      let word = family == .ipv4 ? "IPv4" : "IPv6"
      report(.repeatedAddress, at: node, "A real server has at most one \(word) address, and this one has more.") {
        "Keep the address to which its packets go; for a second one write a second entry with its own name."
      }
    }
  }

  // MARK: Names

  private func addTarget(_ name: String, _ target: NameTable.Target, at node: Int) {
    if let first = names.targets[name] {
      reportRepeatedName(name, at: node, first: first.node, what: "real server or pool")
    } else {
      names.targets[name] = (target, node)
      names.targetNames.append(name)
    }
  }

  func reportRepeatedName(_ name: String, at node: Int, first: Int, what: String) {
    report(.repeatedName, at: node, "The name `\(name)` belongs to the \(what) on line \(line(of: first)).") {
      "Give each its own name."
    }
  }

  /// A name in both lists means one machine with both roles, and then the two share an address.
  func checkTwoRoles() {
    for (name, director) in names.directors {
      guard case (.realServer(let index), let node)? = names.targets[name] else { continue }
      let server = names.realServers[index]
      guard !server.isFaulty, !director.addresses.isEmpty else { continue }
      guard !director.addresses.contains(where: { $0 == server.ipv4 || $0 == server.ipv6 }) else { continue }
      let (first, second) = tape[director.node].start < tape[node].start ? (director.node, node) : (node, director.node)
      report(
        .repeatedName, at: second,
        "`\(name)` names a director and a real server that have no address in common; the other is on line "
          + "\(line(of: first))."
      ) {
        "One machine with both roles has the same address in both lists; two machines have two names."
      }
    }
  }

  /// One machine is one real server: a director whose addresses two entries claim would play the part of one alone.
  func checkOneRealServerPerDirector() {
    var byAddress: [IPAddress: String] = [:]
    var byServer: [Int: String] = [:]
    for (name, director) in names.directors {
      for address in director.addresses { byAddress[address] = name }
      if case .realServer(let index)? = names.targets[name]?.target { byServer[index] = name }
    }
    var parts: [String: Int] = [:]
    for (index, server) in names.realServers.enumerated() {
      let found = [server.ipv4, server.ipv6].compactMap { $0.flatMap { byAddress[$0] } }.first
      guard let director = byServer[index] ?? found else { continue }
      guard let first = parts.updateValue(server.node, forKey: director) else { continue }
      report(
        .repeatedAddress, at: server.node,
        "This is the director `\(director)`, which is the real server on line \(line(of: first)) already."
      ) {
        "Make the two one entry, with one address for each family."
      }
    }
  }

  /// A real server whose addresses are those of two directors is one machine and two: which of them it would be is open.
  func checkOneDirectorPerRealServer() {
    var byAddress: [IPAddress: String] = [:]
    for (name, director) in names.directors {
      for address in director.addresses { byAddress[address] = name }
    }
    if byAddress.isEmpty { return }
    for server in names.realServers {
      guard let ipv4 = server.ipv4, let ipv6 = server.ipv6, let one = byAddress[ipv4], let other = byAddress[ipv6],
        one != other
      else { continue }
      report(
        .repeatedAddress, at: server.node,
        "This real server has addresses of two directors: \(ipv4) is `\(one)`, and \(ipv6) is `\(other)`."
      ) {
        "A real server is one machine: give it the addresses of one director, and the other one an entry of its own."
      }
    }
  }

  // MARK: Pools

  func readPools(_ top: Fields<TopKey>) {
    guard let node = top[.pools] else { return }
    let help = "It maps each pool's name to a list of real servers, as in `web: [web1, web2]`."
    guard let map = mapping(node, "`pools`", help: { help }) else {
      names.isIncomplete = true
      return
    }
    var lists: [(pool: Int, list: Int)] = []
    var keys: [String: Int] = [:]
    tape.forEachPair(of: map) { key, value in
      guard let name = keyWord(key) else { return }
      if let first = keys[name] {
        reportRepeatedKey(name, at: key, first: first)
        return
      }
      keys[name] = key
      guard checkName(name, at: key, of: "a pool") else {
        names.isIncomplete = true
        return
      }
      names.pools.append([])
      addTarget(name, .pool(names.pools.count - 1), at: key)
      lists.append((names.pools.count - 1, value))
    }
    // Only now are all names known, so that a pool in a pool is told from a wrong name.
    for (pool, list) in lists { names.pools[pool] = poolMembers(list, help: help) }
  }

  private func poolMembers(_ node: Int, help: String) -> [Int] {
    guard !tape.isNone(node) else { return [] }
    guard let list = sequence(node, "a pool", help: { help }) else { return [] }
    var members: [Int] = []
    members.reserveCapacity(Int(tape[list].count))
    membership.beginList(realServers: names.realServers.count)
    tape.forEachElement(of: list) { element in
      guard let scalar = scalar(element, "a name in a pool") else { return }
      let name = tape.string(scalar)
      guard let target = target(name, at: element, "real server") else { return }
      guard case .realServer(let index) = target else {
        report(.notARealServer, at: element, "`\(name)` is a pool, and pools hold real servers only.") {
          "List its real servers here; a service may name several pools."
        }
        return
      }
      if let first = membership.insert(index, at: element) {
        report(.repeatedRealServer, at: element, "`\(name)` is in this pool already, on line \(line(of: first)).") {
          "Keep it once."
        }
        return
      }
      members.append(index)
    }
    return members
  }

  /// What a name stands for, or nil where it does not resolve, which is reported.
  func target(_ name: String, at node: Int, _ what: String) -> NameTable.Target? {
    if let found = names.targets[name] { return found.target }
    guard !names.isIncomplete else { return nil }
    report(.unknownName, at: node, "There is no \(what) with the name `\(name.shortened)`.") {
      didYouMean(name, among: names.targetNames)
        ?? (IPAddress(name) == nil
          ? "Add it to `real_servers`, or name one that is there."
          : "Real servers are named here, not addressed; give the address a name in `real_servers`.")
    }
    return nil
  }
}

/// Which real servers one list has named: stamps instead of a set for each list, so that many short lists cost little.
struct Membership {
  private struct Stamp {
    var list = 0
    var node = 0
    var port: UInt16?
  }

  private struct Named: Hashable {
    var server: Int
    var port: UInt16?
  }

  private var stamps: [Stamp] = []
  private var list = 0
  /// The second and further entries of one server in the list, with their ports.
  private var further: [Named: Int] = [:]
  /// Whether the list names a server more than once, with different ports.
  private(set) var hasFurther = false

  /// Forgets the list before.
  mutating func beginList(realServers: Int) {
    list += 1
    hasFurther = false
    if !further.isEmpty { further = [:] }
    if stamps.count < realServers { stamps += repeatElement(Stamp(), count: realServers - stamps.count) }
  }

  /// Notes a real server, or gives the node that named it before in the same list with the same port.
  mutating func insert(_ server: Int, port: UInt16? = nil, at node: Int) -> Int? {
    guard stamps[server].list == list else {
      stamps[server] = Stamp(list: list, node: node, port: port)
      return nil
    }
    if stamps[server].port == port { return stamps[server].node }
    let named = Named(server: server, port: port)
    if let first = further[named] { return first }
    further[named] = node
    hasFurther = true
    return nil
  }
}
