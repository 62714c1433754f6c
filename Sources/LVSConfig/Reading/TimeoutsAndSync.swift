import LVSModel
import LVSText

/// The parts of a cluster file that concern a director as a whole: `timeouts` and `sync`.
extension ClusterFileReader {
  /// ip_vs_set_timeout() refuses seconds beyond INT_MAX / HZ, and HZ is at most 1000; 0 leaves a timeout as it is.
  func timeouts(_ node: Int) -> TimeoutsDraft? {
    let help: Message = "It is a map such as `{ tcp: 900, tcp_fin: 120, udp: 300 }`."
    guard let map = mapping(node, "`timeouts`", help: { help }) else { return nil }
    let fields = keyedNodes(of: map, TimeoutsKey.self)
    func seconds(_ key: TimeoutsKey) -> Placed<UInt32>? {
      placed(key, fields) { node in
        self.seconds(node, key.rawValue, in: KeyRange.timeout) {
          "Give a time; leave the key out to leave the kernel's timeout alone."
        }.map(UInt32.init)
      }
    }
    var timeouts = TimeoutsDraft()
    timeouts.tcp = seconds(.tcp)
    timeouts.tcpFin = seconds(.tcpFin)
    timeouts.udp = seconds(.udp)
    return timeouts
  }

  func sync(_ node: Int) -> SyncDraft? {
    let help: Message = "It is a map such as `{ interface: eth1, id: 1 }`."
    guard let map = mapping(node, "`sync`", help: { help }) else { return nil }
    let fields = keyedNodes(of: map, SyncKey.self)
    var sync = SyncDraft()
    sync.interface = required(.interface, fields, help: "Name the interface on which directors hear each other.") {
      interface($0)
    }
    sync.id = placed(.id, fields) { integer($0, "id", in: KeyRange.syncID).map(UInt32.init) }
    sync.group = placed(.group, fields) { multicastGroup($0) }
    sync.port = placed(.port, fields) { integer($0, "port", in: KeyRange.port).map(UInt16.init) }
    sync.ttl = placed(.ttl, fields) { integer($0, "ttl", in: KeyRange.syncTTL).map(UInt8.init) }
    let length = KeyRange.syncLength(sync.group?.value?.family ?? .ipv4)
    sync.maxlen = placed(.maxlen, fields) { node in
      integer(node, "maxlen", in: length) {
        "Leave it out for a length from the interface's MTU; a backup never takes less than 1024."
      }.map(UInt16.init)
    }
    return sync
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
