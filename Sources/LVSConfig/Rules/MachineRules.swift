import LVSModel
import LVSText

/// A real server has one address of a family: its packets go there.
func checkOneAddressPerFamily(_ draft: ClusterDraft, _ names: NameTable, _ faults: FileFaults) {
  for (index, server) in (draft.realServers?.value ?? []).enumerated() {
    guard let place = server.addresses?.place, !names.realServers[index].isFaulty else { continue }
    let addresses = server.values
    guard addresses.count > 1 else { continue }
    for family in AddressFamily.allCases where addresses.count(where: { $0.family == family }) > 1 {
      let word = family == .ipv4 ? "IPv4" : "IPv6"
      faults.report(
        .repeatedAddress, at: place, "A real server has at most one \(word) address, and this one has more."
      ) {
        "Keep the address to which its packets go; for a second one write a second entry with its own name."
      }
    }
  }
}

/// A real server with a loopback address is no machine but the director that forwards.
///
/// Whichever director is active takes the packets itself, and has the VIP already.
func checkForwardingDirectors(_ draft: ClusterDraft, _ names: NameTable, _ faults: FileFaults) {
  for (index, server) in (draft.realServers?.value ?? []).enumerated() {
    guard names.realServers[index].isForwardingDirector else { continue }
    let addresses = server.values
    guard let loopback = addresses.first(where: \.isLoopback) else { continue }
    if let other = addresses.first(where: { !$0.isLoopback }), let place = server.addresses?.place {
      faults.report(
        .unusableAddress, at: place, "\(loopback) is the director that forwards, and \(other) is a machine."
      ) {
        "Write two entries, one for each."
      }
    }
    if let interface = server.interface, !interface.isNone {
      faults.report(
        .badInterface, at: interface.place,
        "The address \(loopback) is the director that forwards, and no VIP goes anywhere for it."
      ) {
        "Leave `interface` out; the director holds the VIP already."
      }
    }
  }
}

/// A name in both lists means one machine with both roles, and then the two share an address.
func checkTwoRoles(_ names: NameTable, _ faults: FileFaults) {
  for (name, director) in names.directors {
    guard case (.realServer(let index), let place)? = names.targets[name] else { continue }
    let server = names.realServers[index]
    guard !server.isFaulty, !director.addresses.isEmpty else { continue }
    guard !director.addresses.contains(where: { $0 == server.ipv4 || $0 == server.ipv6 }) else { continue }
    let (first, second) =
      director.place.start < place.start ? (director.place, place) : (place, director.place)
    faults.report(
      .repeatedName, at: second,
      "`\(name)` names a director and a real server that have no address in common; the other is on line "
        + "\(faults.line(of: first))."
    ) {
      "One machine with both roles has the same address in both lists; two machines have two names."
    }
  }
}

/// One machine is one real server: a director whose addresses two entries claim would play the part of one alone.
func checkOneRealServerPerDirector(_ draft: ClusterDraft, _ names: NameTable, _ faults: FileFaults) {
  var byAddress: [IPAddress: String] = [:]
  var byServer: [Int: String] = [:]
  for (name, director) in names.directors {
    for address in director.addresses { byAddress[address] = name }
    if case .realServer(let index)? = names.targets[name]?.target { byServer[index] = name }
  }
  var parts: [String: Place] = [:]
  for (index, draft) in (draft.realServers?.value ?? []).enumerated() {
    let server = names.realServers[index]
    let found = [server.ipv4, server.ipv6].compactMap { $0.flatMap { byAddress[$0] } }.first
    guard let director = byServer[index] ?? found else { continue }
    guard let first = parts.updateValue(draft.place, forKey: director) else { continue }
    faults.report(
      .repeatedAddress, at: draft.place,
      "This is the director `\(director)`, which is the real server on line \(faults.line(of: first)) already."
    ) {
      "Make the two one entry, with one address for each family."
    }
  }
}

/// A real server whose addresses are those of two directors is one machine and two: which of them it would be is open.
func checkOneDirectorPerRealServer(_ draft: ClusterDraft, _ names: NameTable, _ faults: FileFaults) {
  var byAddress: [IPAddress: String] = [:]
  for (name, director) in names.directors {
    for address in director.addresses { byAddress[address] = name }
  }
  if byAddress.isEmpty { return }
  for (index, draft) in (draft.realServers?.value ?? []).enumerated() {
    let server = names.realServers[index]
    guard let ipv4 = server.ipv4, let ipv6 = server.ipv6, let one = byAddress[ipv4], let other = byAddress[ipv6],
      one != other
    else { continue }
    faults.report(
      .repeatedAddress, at: draft.place,
      "This real server has addresses of two directors: \(ipv4) is `\(one)`, and \(ipv6) is `\(other)`."
    ) {
      "A real server is one machine: give it the addresses of one director, and the other one an entry of its own."
    }
  }
}
