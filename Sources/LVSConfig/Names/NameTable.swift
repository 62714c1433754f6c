import LVSModel
import LVSText

/// The names of a draft looked up: directors, real servers and pools, by name and by address.
struct NameTable {
  /// What a name in a service's `real_servers` stands for.
  enum Target {
    case realServer(Int)
    case pool(Int)
  }

  /// A director; one that is faulty, or whose address is another's, has no addresses.
  struct Director {
    var place: Place
    var addresses: [IPAddress]
    var index: Int
  }

  /// A real server as the rules need it; an entry that is faulty has no addresses, and rules about them stay silent.
  struct RealServer {
    var ipv4: IPAddress?
    var ipv6: IPAddress?
    var weight: Int32 = 1
    /// Whether it is no machine, but whichever director forwards.
    var isForwardingDirector = false

    var isFaulty: Bool { ipv4 == nil && ipv6 == nil }

    func address(_ family: AddressFamily) -> IPAddress? { family == .ipv4 ? ipv4 : ipv6 }
  }

  private(set) var directors: [String: Director] = [:]
  /// Their names in file order.
  private(set) var directorNames: [String] = []
  private(set) var targets: [String: (target: Target, place: Place)] = [:]
  /// The same names in file order.
  private var targetNames: [String] = []
  /// Whether an unknown name may well be in a part of the file that could not be read.
  let isIncomplete: Bool
  private(set) var realServers: [RealServer] = []
  /// The real servers of each pool.
  private(set) var pools: [[Int]] = []
  /// Where the addresses of directors and of real servers are.
  private(set) var directorAddresses: [IPAddress: Place] = [:]
  private(set) var realServerAddresses: [IPAddress: Place] = [:]
  /// Which real servers a list has named; one table for all lists.
  var membership = Membership()

  /// Looks up what the machines and pools of a draft are called; names and addresses that are there twice are reported,
  /// and those that do not resolve.
  init(_ draft: ClusterDraft, _ faults: FileFaults) {
    isIncomplete = draft.lacksRealServers
    for (index, director) in (draft.directors?.value ?? []).enumerated() { add(director, at: index, faults) }
    let servers = draft.realServers?.value ?? []
    realServers.reserveCapacity(servers.count)
    for server in servers { add(server, faults) }
    let pools = draft.pools?.value ?? []
    for (index, pool) in pools.enumerated() {
      guard let name = pool.name.value else { continue }
      addTarget(name, .pool(index), at: pool.name.place, faults)
    }
    // Only now are all names known, so that a pool in a pool is told from a wrong name.
    self.pools.reserveCapacity(pools.count)
    for pool in pools { self.pools.append(members(of: pool, faults)) }
  }

  private mutating func add(_ director: DirectorDraft, at index: Int, _ faults: FileFaults) {
    let addresses = Self.addresses(director.addresses, &directorAddresses, faults)
    guard let name = director.name, let word = name.value else { return }
    if let first = directors[word] {
      faults.reportRepeatedName(word, at: name.place, first: first.place, what: "director")
    } else {
      directors[word] = Director(place: name.place, addresses: addresses, index: index)
      directorNames.append(word)
    }
  }

  private mutating func add(_ server: RealServerDraft, _ faults: FileFaults) {
    let addresses = Self.addresses(server.addresses, &realServerAddresses, faults)
    realServers.append(
      RealServer(
        ipv4: addresses.first { $0.family == .ipv4 }, ipv6: addresses.first { $0.family == .ipv6 },
        weight: server.weight?.value ?? 1, isForwardingDirector: addresses.contains(where: \.isLoopback)))
    guard let name = server.name, let word = name.value else { return }
    addTarget(word, .realServer(realServers.count - 1), at: name.place, faults)
  }

  /// The addresses of one machine, noted in their list; none where any is faulty or somebody's already.
  private static func addresses(
    _ addresses: Placed<[Placed<IPAddress>]>?, _ known: inout [IPAddress: Place], _ faults: FileFaults
  ) -> [IPAddress] {
    guard let all = addresses?.value else { return [] }
    var values: [IPAddress] = []
    values.reserveCapacity(all.count)
    for placed in all {
      guard let address = placed.value else { continue }
      if let first = known.insert(placed.place, for: address) {
        faults.report(
          .repeatedAddress, at: placed.place,
          "The address \(address) is already on line \(faults.line(of: first)), in the same list."
        ) {
          "Two machines cannot share an address; give one of them another, or make them one entry."
        }
        continue
      }
      values.append(address)
    }
    return values.count == all.count ? values : []
  }

  private mutating func addTarget(_ name: String, _ target: Target, at place: Place, _ faults: FileFaults) {
    if let first = targets[name] {
      faults.reportRepeatedName(name, at: place, first: first.place, what: "real server or pool")
    } else {
      targets[name] = (target, place)
      targetNames.append(name)
    }
  }

  private mutating func members(of pool: PoolDraft, _ faults: FileFaults) -> [Int] {
    guard let names = pool.realServers.value else { return [] }
    var members: [Int] = []
    members.reserveCapacity(names.count)
    membership.beginList(realServers: realServers.count)
    for placed in names {
      guard let name = placed.value, let target = target(name, at: placed.place, "real server", faults) else {
        continue
      }
      guard case .realServer(let index) = target else {
        faults.report(.notARealServer, at: placed.place, "`\(name)` is a pool, and pools hold real servers only.") {
          "List its real servers here; a service may name several pools."
        }
        continue
      }
      if let first = membership.insert(index, at: placed.place) {
        faults.report(
          .repeatedRealServer, at: placed.place,
          "`\(name)` is in this pool already, on line \(faults.line(ofCharacter: first))."
        ) {
          "Keep it once."
        }
        continue
      }
      members.append(index)
    }
    return members
  }

  /// What a name stands for, or nil where it does not resolve, which is reported.
  func target(_ name: String, at place: Place, _ what: String, _ faults: FileFaults) -> Target? {
    if let found = targets[name] { return found.target }
    guard !isIncomplete else { return nil }
    faults.report(.unknownName, at: place, "There is no \(what) with the name `\(name.shortened)`.") {
      faults.didYouMean(name, among: targetNames)
        ?? (IPAddress(name) == nil
          ? "Add it to `real_servers`, or name one that is there."
          : "Real servers are named here, not addressed; give the address a name in `real_servers`.")
    }
    return nil
  }
}
