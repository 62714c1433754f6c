import LVSModel

extension ClusterDraft {
  /// The draft as the text of a cluster file: keys in their order, what is not said left out, pools and ranges folded.
  ///
  /// Reading it gives an equal draft, and an equal ``ClusterFile``, of a draft without faults; comments and aliases are
  /// gone, and what is faulty is left out.
  public var yaml: String {
    var writer = YAMLWriter()
    func section<Value>(_ key: TopKey, _ placed: Placed<Value>?, block: Bool, _ node: (Value) -> YAMLWriter.Node) {
      guard let value = placed.node(node) else { return }
      writer.separate()
      writer.write(key.rawValue, value, block: block && placed?.isNone == false)
    }
    section(.name, name, block: false) { .text($0) }
    section(.directors, directors, block: true) { .list($0.map(\.node)) }
    section(.realServers, realServers, block: true) { .list($0.map(\.node)) }
    section(.pools, pools, block: true) { pools in
      .map(
        pools.compactMap { pool in
          guard let name = pool.name.value, let names = Optional(pool.realServers).node({ $0.names }) else {
            return nil
          }
          return (YAMLWriter.quoted(name, isName: true), names)
        })
    }
    // VIPs are numbered by their first mention, so a list that stands below the services stays there.
    let isBelow = (vips?.place.start ?? 0) > (services?.place.start ?? .max)
    if !isBelow { section(.vips, vips, block: true) { .list($0.map(\.node)) } }
    section(.ignore, ignored, block: false) { .list($0.map(\.node)) }
    section(.vrrp, vrrp, block: false) { $0.node }
    section(.defaults, defaults, block: true) { $0.node }
    section(.services, services, block: true) { .list($0.map(\.node)) }
    if isBelow { section(.vips, vips, block: true) { .list($0.map(\.node)) } }
    section(.timeouts, timeouts, block: false) { $0.node }
    section(.sync, sync, block: false) { $0.node }
    section(.sysctls, sysctls, block: true) { $0.node }
    return writer.text
  }
}

extension Optional {
  /// How a value is written: `none` where the file says so, nil where it says nothing or something faulty.
  func node<Value>(_ node: (Value) -> YAMLWriter.Node) -> YAMLWriter.Node?
  where Wrapped == Placed<Value> {
    guard let self else { return nil }
    return self.isNone ? .scalar("none") : self.value.map(node)
  }
}

/// A map of the file while its keys are collected.
private struct MapWriter<Key: FileKey> {
  var pairs: [(key: String, value: YAMLWriter.Node)] = []

  mutating func add<Value>(_ key: Key, _ placed: Placed<Value>?, _ node: (Value) -> YAMLWriter.Node) {
    if let node = placed.node(node) { pairs.append((key.rawValue, node)) }
  }

  mutating func add(text placed: Placed<String>?, _ key: Key) { add(key, placed) { .text($0) } }

  mutating func add<Value: CustomStringConvertible>(word placed: Placed<Value>?, _ key: Key) {
    add(key, placed) { .word($0) }
  }

  var node: YAMLWriter.Node { .map(pairs) }
}

extension Array {
  /// One element alone, or a list.
  func oneOrList(_ node: (Element) -> YAMLWriter.Node) -> YAMLWriter.Node {
    count == 1 ? node(self[0]) : .list(map(node))
  }
}

extension [Placed<String>] {
  fileprivate var names: YAMLWriter.Node { .list(compactMap { $0.value.map { .text($0) } }) }
}

extension [Placed<IPAddress>] {
  fileprivate var node: YAMLWriter.Node { compactMap(\.value).oneOrList { .word($0) } }
}

extension DirectorDraft {
  fileprivate var node: YAMLWriter.Node {
    var map = MapWriter<DirectorKey>()
    map.add(text: name, .name)
    map.add(.address, addresses) { $0.node }
    map.add(text: interface, .interface)
    return map.node
  }
}

extension RealServerDraft {
  fileprivate var node: YAMLWriter.Node {
    var map = MapWriter<RealServerKey>()
    map.add(text: name, .name)
    map.add(.address, addresses) { $0.node }
    map.add(word: weight, .weight)
    map.add(text: interface, .interface)
    return map.node
  }
}

extension VIPDraft {
  fileprivate var node: YAMLWriter.Node {
    var map = MapWriter<VIPKey>()
    map.add(text: name, .name)
    map.add(word: address, .address)
    map.add(text: interface, .interface)
    map.add(text: label, .label)
    map.add(word: prefixLength, .prefix)
    map.add(text: holder, .heldBy)
    return map.node
  }
}

extension IgnoredDraft {
  fileprivate var node: YAMLWriter.Node {
    switch self {
    case .network(let network, _):
      let isAddress = network == network.base.hostPrefix
      return .word(isAddress ? "\(network.base)" : "\(network)")
    case .fwmark(let mark, _): return .map([(IgnoreKey.fwmark.rawValue, .word(mark))])
    }
  }
}

extension VRRPDraft {
  fileprivate var node: YAMLWriter.Node {
    var map = MapWriter<VRRPKey>()
    map.add(word: id, .id)
    map.add(text: interface, .interface)
    map.add(word: interval, .interval)
    map.add(word: unicast, .unicast)
    map.add(word: preempt, .preempt)
    map.add(word: priority, .priority)
    return map.node
  }
}

extension TimeoutsDraft {
  fileprivate var node: YAMLWriter.Node {
    var map = MapWriter<TimeoutsKey>()
    map.add(word: tcp, .tcp)
    map.add(word: tcpFin, .tcpFin)
    map.add(word: udp, .udp)
    return map.node
  }
}

extension SyncDraft {
  fileprivate var node: YAMLWriter.Node {
    var map = MapWriter<SyncKey>()
    map.add(text: interface, .interface)
    map.add(word: id, .id)
    map.add(word: group, .group)
    map.add(word: port, .port)
    map.add(word: ttl, .ttl)
    map.add(word: maxlen, .maxlen)
    return map.node
  }
}

extension SysctlsDraft {
  fileprivate var node: YAMLWriter.Node {
    var map = MapWriter<SysctlsKey>()
    func wishes(_ entries: [Entry]) -> YAMLWriter.Node {
      .map(
        entries.map { entry in
          let value =
            switch entry.wish {
            case .keep: "keep"
            case .value(let value): value
            }
          return (YAMLWriter.quoted(entry.name, isName: true), .word(value))
        })
    }
    map.add(.director, director, wishes)
    map.add(.standby, standby, wishes)
    map.add(.realServer, realServer, wishes)
    return map.node
  }
}

// MARK: Services

extension ServiceDraft {
  fileprivate var node: YAMLWriter.Node {
    .map(values.compactMap { value in value.node.map { (value.key.rawValue, $0) } })
  }
}

extension ForwardingMethod {
  /// The word of `forward`, which says nothing of the tunnel.
  var draftWord: String { tunnel == nil ? word : "tun" }
}

extension YAMLWriter.Node {
  static func range<Bound: BinaryInteger & CustomStringConvertible>(_ lower: Bound, _ upper: Bound) -> Self {
    lower == upper ? .word(lower) : .word("\(lower)-\(upper)")
  }
}

extension PlacedVIP {
  var node: YAMLWriter.Node {
    switch word {
    case .address(let address): .word(address)
    case .word(let word): .text(word)
    }
  }
}

extension TunnelDraft {
  var node: YAMLWriter.Node {
    var map = MapWriter<TunnelKey>()
    map.add(.type, kind) { .word($0.word) }
    map.add(word: port, .port)
    map.add(.checksum, checksum) { .word($0.word) }
    return map.node
  }
}

extension PersistenceDraft {
  var node: YAMLWriter.Node {
    if let timeout = timeout?.value, netmask == nil, engine == nil { return .word(timeout) }
    var map = MapWriter<PersistenceKey>()
    map.add(word: timeout, .timeout)
    map.add(.netmask, netmask) { netmask in
      switch netmask {
      case .dotted(let bits): .word(IPAddress(ipv4: bits))
      case .prefix(let length): .word(length)
      }
    }
    map.add(word: engine, .engine)
    return map.node
  }
}

extension MemberDraft {
  var node: YAMLWriter.Node? {
    switch self {
    case .named(let name): name.value.map { .text($0) }
    case .detailed(let details): details.node
    }
  }
}

extension MemberDetails {
  fileprivate var node: YAMLWriter.Node {
    var map = MapWriter<MemberKey>()
    map.add(text: server, .server)
    map.add(word: port, .port)
    map.add(word: weight, .weight)
    map.add(.forward, forward) { .word($0.draftWord) }
    map.add(.tunnel, tunnel) { $0.node }
    map.add(word: upperThreshold, .upperThreshold)
    map.add(word: lowerThreshold, .lowerThreshold)
    map.add(.check, checks) { $0.node }
    return map.node
  }
}

extension ChecksDraft {
  var node: YAMLWriter.Node { checks.oneOrList(\.node) }
}

extension Check {
  /// The word of a check that says nothing else, or a map of what is not as it is by default.
  fileprivate var node: YAMLWriter.Node {
    var map = MapWriter<CheckKey>()
    map.add(word: Placed(means.word), .type)
    switch means {
    case .tcp: break
    case .http(let http):
      let standard = HTTPCheck()
      map.add(text: Placed(http.path, unless: standard.path), .path)
      map.add(text: http.host.map { Placed($0) }, .host)
      map.add(.status, Placed(http.status, unless: standard.status)) { $0.oneOrList { .word($0.fileText) } }
      map.add(text: http.body.map { Placed($0) }, .body)
      map.add(word: Placed(http.verifies, unless: false), .verify)
    case .udp(let udp):
      map.add(text: udp.send.map { Placed($0) }, .send)
      map.add(text: udp.expect.map { Placed($0) }, .expect)
    case .exec(let words): map.add(.command, Placed(words)) { .list($0.map { .text($0) }) }
    }
    map.add(word: port.map { Placed($0) }, .port)
    map.add(word: address.map { Placed($0) }, .address)
    map.add(word: Placed(interval, unless: Self.standardInterval), .interval)
    map.add(word: Placed(timeout, unless: Self.standardTimeout), .timeout)
    map.add(word: Placed(fall, unless: Self.standardFall), .fall)
    map.add(word: Placed(rise, unless: Self.standardRise), .rise)
    return map.pairs.count == 1 ? map.pairs[0].value : map.node
  }
}

extension Placed where Value: Equatable {
  /// A value that is not what it is by default.
  fileprivate init?(_ value: Value, unless standard: Value) {
    guard value != standard else { return nil }
    self.init(value)
  }
}
