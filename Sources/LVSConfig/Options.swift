import LVSModel

/// The parts of a cluster file that concern a director as a whole: `timeouts` and `sync`.
extension ClusterFileReader {
  func readTimeouts(_ node: Int) -> Timeouts {
    let help = "It is a map such as `{ tcp: 900, tcp_fin: 120, udp: 300 }`."
    guard let map = mapping(node, "`timeouts`", help: { help }) else { return Timeouts() }
    let fields = fields(of: map, TimeoutsKey.self)
    func seconds(_ key: TimeoutsKey) -> UInt32? {
      fields[key].flatMap { node in
        integer(node, key.rawValue, in: KeyRange.timeout) {
          "Give seconds; leave the key out to leave the kernel's timeout alone."
        }.map(UInt32.init)
      }
    }
    return Timeouts(tcp: seconds(.tcp), tcpFin: seconds(.tcpFin), udp: seconds(.udp))
  }

  func readSync(_ top: Fields<TopKey>) {
    guard let node = top[.sync] else { return }
    syncNode = node
    let help = "It is a map such as `{ interface: eth1, id: 1 }`."
    guard let map = mapping(node, "`sync`", help: { help }) else { return }
    let fields = fields(of: map, SyncKey.self)
    let interface = required(.interface, in: fields, help: "Name the interface on which directors hear each other.")
      .flatMap { self.interface($0) }
    let id = fields[.id].flatMap { integer($0, "id", in: KeyRange.syncID) }
    let group = fields[.group].flatMap { multicastGroup($0) }
    let port = fields[.port].flatMap { integer($0, "port", in: KeyRange.port) }
    let ttl = fields[.ttl].flatMap { integer($0, "ttl", in: KeyRange.syncTTL) }
    let maxlen = fields[.maxlen].flatMap { node in
      integer(node, "maxlen", in: KeyRange.syncLength(group?.family ?? .ipv4)) {
        "Leave it out for a length from the interface's MTU; a backup never takes less than 1024."
      }
    }
    sync = SyncDaemon(
      interface: interface ?? "", id: UInt32(id ?? 0), group: group, port: port.map(UInt16.init),
      ttl: ttl.map(UInt8.init), maxlen: maxlen.map(UInt16.init))
  }

  private func multicastGroup(_ node: Int) -> IPAddress? {
    guard let address = address(node, "group") else { return nil }
    guard address.isMulticast else {
      report(.unusableAddress, at: node, "`group` is a multicast address, and \(address) is none.") {
        "IPv4 has 224.0.0.0 to 239.255.255.255, IPv6 has ff00::/8; the kernel's default is 224.0.0.81."
      }
      return nil
    }
    return address
  }
}
