@testable import LVSConfig
@testable import LVSModel

/// Drafts of all that a file can say, drawn by chance; each value is good by itself, though not all go together.
struct RandomDrafts {
  private var random: SeededNumbers

  init(seed: UInt64) { random = SeededNumbers(seed: seed) }

  /// A number from 0 up to a bound.
  private mutating func number(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

  private mutating func pick<Value>(_ values: [Value]) -> Value { values[number(values.count)] }

  private mutating func list<Value>(_ counts: ClosedRange<Int>, _ value: (inout Self) -> Value) -> [Value] {
    (0..<counts.lowerBound + number(counts.count)).map { _ in value(&self) }
  }

  /// Mostly a value, sometimes `none`, often nothing.
  private mutating func maybe<Value>(_ value: (inout Self) -> Value) -> Placed<Value>? {
    switch number(8) {
    case 0: .none()
    case 1...3: Placed(value(&self))
    default: nil
    }
  }

  private mutating func name() -> String {
    pick([
      "web1", "a", "null", "~", "true", "3.5", "12", "a b", "é", "#x", "-x", "x:y", "*a", "a\\b", "2026-01-01", "é日",
    ])
      + pick(["", "", "1", ".x"])
  }

  private mutating func interface() -> String { pick(["eth0", "bond0.209", "0", "true", "é", "a\"b", "a,b", "-"]) }

  private mutating func address() -> IPAddress {
    number(3) == 0
      ? IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: UInt64(number(1 << 20)))
      : IPAddress(ipv4: 0x0a00_0000 + UInt32(number(1 << 20)))
  }

  private mutating func tunnel() -> TunnelDraft {
    var tunnel = TunnelDraft()
    tunnel.kind = maybe { $0.pick([.ipip, .gue, .gre]) }
    tunnel.port = maybe { UInt16(1 + $0.number(65535)) }
    tunnel.checksum = maybe { $0.pick([.csum, .remcsum]) }
    return tunnel
  }

  private mutating func persistence() -> PersistenceDraft {
    var persistence = PersistenceDraft()
    persistence.timeout = maybe { UInt32(1 + $0.number(86400)) }
    persistence.netmask = maybe { $0.number(2) == 0 ? .dotted(0xffff_ff00) : .prefix($0.number(129)) }
    persistence.engine = maybe { _ in "sip" }
    return persistence
  }

  private mutating func member(isFallback: Bool = false) -> MemberDraft {
    guard number(3) == 0 else { return .named(Placed(name())) }
    var details = MemberDetails()
    details.server = Placed(name())
    details.port = maybe { UInt16(1 + $0.number(65535)) }
    details.weight = maybe { Int32($0.number(100)) }
    details.forward = maybe { $0.pick([.dr, .nat, .tun(Tunnel())]) }
    details.tunnel = maybe { $0.tunnel() }
    details.upperThreshold = maybe { UInt32($0.number(1000)) }
    details.lowerThreshold = maybe { UInt32($0.number(1000)) }
    if !isFallback { details.checks = maybe { $0.checks() } }
    return .detailed(details)
  }

  private mutating func text() -> String {
    pick(["ok", "200", "a: b", "\"", "é", " ", "x\ny", String(repeating: "x", count: 1000)])
  }

  private mutating func check() -> Check {
    var check = Check(.tcp)
    switch number(5) {
    case 0: break
    case 1:
      check.means = .udp(
        UDPCheck(send: number(2) == 0 ? nil : "\0\u{1}\u{7f}\u{85}\r\n" + text(), expect: number(2) == 0 ? nil : text())
      )
    case 2: check.means = .exec(["/bin/x y"] + list(0...4) { $0.pick(["", "-a", "true", "1", "'é\"", "a,b"]) })
    default:
      let isSecure = number(2) == 0
      let host = number(2) == 0 ? nil : pick(["www.example.com", "1", "null", "true", "1.5"])
      check.means = .http(
        HTTPCheck(
          isSecure: isSecure, verifies: isSecure && host != nil && number(2) == 0,
          path: pick(["/", "/a?b=c", "/%23'\"{"]),
          host: host, status: pick([[200...299], [200...200], [100...199, 401...401, 500...599]]),
          body: number(2) == 0 ? nil : text()))
    }
    if number(2) == 0 { check.port = UInt16(1 + number(65535)) }
    if number(2) == 0 { check.address = address() }
    if number(2) == 0 { check.interval = 1 + number(86400) }
    if number(2) == 0 { check.timeout = 1 + number(3600) }
    if number(2) == 0 { check.fall = 1 + number(1000) }
    if number(2) == 0 { check.rise = 1 + number(1000) }
    return check
  }

  private mutating func checks() -> ChecksDraft {
    var checks: [Check] = []
    for check in list(1...3, { $0.check() }) where !checks.contains(check) { checks.append(check) }
    return ChecksDraft(checks)
  }

  private mutating func service(isDefaults: Bool) -> ServiceDraft {
    var service = ServiceDraft()
    // In no order: the draft has one of its own.
    service.members = maybe { $0.list(0...40) { $0.member() } }
    service.quorum = maybe { 1 + $0.number(9) }
    service.fallback = maybe { $0.member(isFallback: true) }
    service.onFailure = maybe { $0.pick(FailurePolicy.allCases) }
    service.checks = maybe { $0.checks() }
    service.isHeldExternally = maybe { $0.number(2) == 0 }
    service.weights = maybe { $0.pick([.fixed, .external]) }
    service.onePacket = maybe { $0.number(2) == 0 }
    service.persistence = maybe { $0.persistence() }
    service.tunnel = maybe { $0.tunnel() }
    service.forward = maybe { $0.pick([.dr, .nat, .tun(Tunnel())]) }
    service.schedulerFlags = maybe { random in
      random.pick([
        [], [SchedulerFlag(word: "sh-port", flag: .flag2, scheduler: Scheduler("sh"))],
        [SchedulerFlag(word: "flag-1", flag: .flag1), SchedulerFlag(word: "flag-3", flag: .flag3)],
      ])
    }
    service.scheduler = maybe { $0.pick([.wlc, Scheduler("rr"), Scheduler("1e3")]) }
    service.family = maybe { $0.pick(AddressFamily.allCases) }
    service.protocols = maybe { $0.pick([[.tcp], [.udp, .tcp], [.sctp]]) }
    guard !isDefaults else { return service }
    service.fwmarks = maybe { $0.pick([[FwmarkRange(lower: 1, upper: 1)], [FwmarkRange(lower: 7, upper: .max)]]) }
    service.ports = maybe { random in
      let first = UInt16(random.number(30000))
      return random.pick([
        [PortRange(lower: first, upper: first)],
        [PortRange(lower: 40000, upper: 40009), PortRange(lower: first, upper: first)],
      ])
    }
    service.vips = maybe { random in
      random.list(1...3) {
        PlacedVIP($0.number(2) == 0 ? .address($0.address()) : .word($0.pick(["x", "10.0.0.1-9", "3.5", "::1-2"])))
      }
    }
    return service
  }

  private mutating func entries() -> [SysctlsDraft.Entry] {
    (0..<number(4)).map { index in
      SysctlsDraft.Entry("net.ipv4.conf.eth\(index).x", pick([.keep, .value("1"), .value("a b"), .value("-1")]))
    }
  }

  /// The next draft.
  mutating func next() -> ClusterDraft {
    var draft = ClusterDraft()
    draft.name = maybe { $0.name() }
    draft.directors = Placed(
      list(1...3) { random in
        var director = DirectorDraft()
        director.name = Placed(random.name())
        director.addresses = Placed(random.list(1...3) { Placed($0.address()) })
        director.interface = Placed(random.interface())
        return director
      })
    draft.realServers = maybe { random in
      random.list(0...4) { random in
        var server = RealServerDraft()
        server.name = Placed(random.name())
        server.title = server.name?.value ?? "?"
        server.addresses = Placed(random.list(1...2) { Placed($0.address()) })
        server.weight = random.maybe { Int32($0.number(9)) }
        server.interface = random.maybe { $0.interface() }
        return server
      }
    }
    draft.pools = maybe { random in
      (0..<random.number(3)).map { index in
        PoolDraft(
          Placed("\(index)" + random.pick(["", " p", "x"])),
          random.maybe { $0.list(0...30) { Placed($0.name()) } } ?? Placed([]))
      }
    }
    draft.vips = maybe { random in
      random.list(0...3) { random in
        var vip = VIPDraft()
        vip.address = Placed(IPAddress(ipv4: UInt32(0x0a01_0000 + random.number(1 << 16))))
        vip.name = random.maybe { $0.name() }
        vip.interface = random.maybe { $0.interface() }
        vip.label = random.maybe { $0.pick(["eth0:1", "x", "null", "'\""]) }
        vip.prefixLength = random.maybe { UInt8(1 + $0.number(32)) }
        vip.holder = random.maybe { $0.pick(["lvsctl", "external", "12"]) }
        return vip
      }
    }
    draft.ignored = maybe { random in
      random.list(0...3) { random in
        random.number(2) == 0
          ? .fwmark(UInt32(1 + random.number(99)), at: .nowhere)
          : .network(random.address().hostPrefix, at: .nowhere)
      }
    }
    draft.defaults = maybe { $0.service(isDefaults: true) }
    draft.services = Placed(list(0...4) { $0.service(isDefaults: false) })
    draft.vrrp = maybe { random in
      var vrrp = VRRPDraft()
      vrrp.id = Placed(UInt8(1 + random.number(255)))
      vrrp.interface = random.maybe { $0.interface() }
      vrrp.interval = random.maybe { UInt8(1 + $0.number(40)) }
      vrrp.unicast = random.maybe { $0.number(2) == 0 }
      vrrp.preempt = random.maybe { $0.number(2) == 0 }
      vrrp.priority = random.maybe { UInt8(2 + $0.number(253)) }
      return vrrp
    }
    draft.timeouts = maybe { random in
      var timeouts = TimeoutsDraft()
      timeouts.tcp = random.maybe { UInt32(1 + $0.number(900)) }
      timeouts.udp = random.maybe { UInt32(1 + $0.number(900)) }
      return timeouts
    }
    draft.sync = maybe { random in
      var sync = SyncDraft()
      sync.interface = Placed(random.interface())
      sync.id = random.maybe { UInt32($0.number(256)) }
      sync.group = random.maybe { _ in IPAddress(ipv4: 0xe000_0051) }
      sync.port = random.maybe { UInt16(1 + $0.number(65535)) }
      sync.ttl = random.maybe { UInt8(1 + $0.number(255)) }
      sync.maxlen = random.maybe { UInt16(1024 + $0.number(9000)) }
      return sync
    }
    draft.sysctls = maybe { random in
      var sysctls = SysctlsDraft()
      sysctls.director = random.maybe { $0.entries() }
      sysctls.standby = random.maybe { $0.entries() }
      sysctls.realServer = random.maybe { $0.entries() }
      return sysctls
    }
    return draft
  }
}
