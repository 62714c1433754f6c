import LVSConfig
import LVSModel

/// Which network each address of a file is in.
struct Prefixes {
  /// Those that somebody named.
  private let named: [Prefix]
  /// That of the directors, by family.
  private var home: [AddressFamily: Prefix] = [:]

  /// The prefix length of a network that nobody knows more of.
  private static func standardLength(_ family: AddressFamily) -> UInt8 { family == .ipv4 ? 24 : 64 }

  /// The shortest one that is assumed.
  private static func shortestLength(_ family: AddressFamily) -> UInt8 { family == .ipv4 ? 16 : 48 }

  /// Finds the networks of some files.
  init(_ files: [ClusterFile], named: [Prefix]) throws(Unbuildable) {
    self.named = named.sorted { $0.length > $1.length }
    for (index, prefix) in named.enumerated() {
      guard let other = named[..<index].first(where: { $0.overlaps(prefix) }) else { continue }
      throw Unbuildable(
        "The networks \(other) and \(prefix) overlap, so what is in both is in neither. Name one of them.")
    }
    for family in AddressFamily.allCases {
      guard let first = files.lazy.compactMap({ $0.directors.first?.addresses.first { $0.family == family } }).first
      else { continue }
      home[family] = Self.home(of: first, files)
    }
  }

  /// The network of the directors: where all real servers that need to be on it are outside of the usual one, a larger
  /// one that they are in too.
  private static func home(of director: IPAddress, _ files: [ClusterFile]) -> Prefix {
    let usual = Prefix(of: director, length: standardLength(director.family))
    var direct: Set<IPAddress> = []
    for file in files {
      for service in file.services {
        for member in service.realServers where member.settings.forward == .dr {
          if member.id.address.family == director.family && !member.id.address.isLoopback {
            direct.insert(member.id.address)
          }
        }
      }
    }
    guard !direct.isEmpty, !direct.contains(where: usual.contains) else { return usual }
    guard let wide = Prefix.smallest(holding: [director] + direct), wide.length >= shortestLength(director.family)
    else { return usual }
    return wide.length < usual.length ? wide : usual
  }

  /// The network of an address.
  func prefix(of address: IPAddress) -> Prefix {
    if let prefix = named.first(where: { $0.contains(address) }) { return prefix }
    if let prefix = home[address.family], prefix.contains(address) { return prefix }
    return Prefix(of: address, length: Self.standardLength(address.family))
  }
}
