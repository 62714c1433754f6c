import LVSConfig
import LVSModel
import LVSText
import Testing

/// Takes markers such as 1️⃣ out of a text and says where they stood.
func takingMarkers(_ marked: String) -> (text: String, positions: [SourcePosition]) {
  var text = ""
  var positions: [SourcePosition] = []
  var here = SourcePosition(line: 1, column: 1)
  for character in marked {
    if character.unicodeScalars.last?.value == 0x20e3 {
      positions.append(here)
      continue
    }
    text.append(character)
    if character == "\n" {
      here = SourcePosition(line: here.line + 1, column: 1)
    } else {
      here.column += character.unicodeScalars.count
    }
  }
  return (text, positions)
}

/// A rule of the contract and a text that breaks it exactly at its markers.
struct Refusal: Sendable, CustomTestStringConvertible {
  var rule: String
  var codes: [FindingCode]
  var text: String

  init(_ rule: String, _ codes: FindingCode..., text: String) {
    self.rule = rule
    self.codes = codes
    self.text = text
  }

  /// A rule broken by one service; `servers` and `top` stand before it.
  init(_ rule: String, _ codes: FindingCode..., top: String = "", service: String) {
    self.rule = rule
    self.codes = codes
    text = """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: web1, address: [192.168.147.4, "2001:db8::4"] }
        - { name: web2, address: 192.168.147.3 }
        - { name: web3, address: "2001:db8::2" }
      pools: { web: [web1, web2] }
      vips:
        - { name: public, address: 192.168.147.100 }
      \(top)
      services:
        - \(service)

      """
  }

  var testDescription: String { rule }
}

struct RefusalTests {
  static let text: [Refusal] = [
    Refusal("an empty file", .emptyFile, text: "1️⃣"),
    Refusal("a file of comments", .emptyFile, text: "1️⃣# nothing here\n"),
    Refusal("a document after an empty one", .severalDocuments, text: "---\n1️⃣---\nservices: []\n"),
    Refusal(
      "several documents, and a fault in the first", .badPort, .severalDocuments,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        services: [{ vip: 10.0.0.100, port: 1️⃣0080 }]
        2️⃣---
        services: []
        """),
    Refusal("a tab that indents", .syntax, text: "services:\n1️⃣\t- { vip: 192.168.147.100 }\n"),
    Refusal("a quotation mark that stays open", .syntax, text: "name: 1️⃣\"cluster\nservices: []\n"),
    Refusal("a key without a colon", .syntax, text: "services:\n  - port: 80\n    1️⃣vip 10.0.0.1\n    scheduler: rr\n"),
    Refusal("a control character in the text", .controlCharacter, text: "name: a1️⃣\u{7}b\nservices: []\n"),
    Refusal(
      "a tag", .tag,
      service: "{ vip: public, port: 1️⃣!!int 80, real_servers: [web1] }"),
    Refusal("a NUL in a name", .controlCharacter, service: "{ vip: 1️⃣\"a\\0b\", port: 80, real_servers: [web1] }"),
    Refusal("a merge key", .mergeKey, service: "{ vip: public, port: 80, 1️⃣<<: {}, real_servers: [web1] }"),
    Refusal("an alias to nothing", .unknownAlias, service: "{ vip: public, port: 80, real_servers: 1️⃣*web }"),
    Refusal("an alias in itself", .aliasLoop, service: "{ vip: public, port: 80, real_servers: &all [web1, 1️⃣*all] }"),
  ]

  static let forms: [Refusal] = [
    Refusal(
      "an unknown key", .unknownKey, service: "{ vip: public, port: 80, 1️⃣real_server: [web1], real_servers: [] }"),
    Refusal("an unknown key of the file", .unknownKey, top: "1️⃣timeout: {}", service: "{ fwmark: 1, real_servers: [] }"),
    Refusal("a repeated key", .repeatedKey, service: "{ vip: public, port: 80, 1️⃣port: 81, real_servers: [web1] }"),
    Refusal(
      "a quoted repeated key", .repeatedKey, service: "{ vip: public, port: 80, 1️⃣\"port\": 81, real_servers: [] }"),
    Refusal("a service without a VIP", .missingKey, service: "1️⃣{ port: 80, real_servers: [web1] }"),
    Refusal("a service without a port", .missingKey, service: "1️⃣vip: public\n    real_servers: [web1]"),
    Refusal(
      "a key without a value", .missingValue, service: "{ vip: public, port: 80, scheduler: 1️⃣~, real_servers: [] }"),
    Refusal("a list for a value", .wrongForm, service: "{ vip: public, port: 80, scheduler: 1️⃣[rr], real_servers: [] }"),
    Refusal("a value for a list", .wrongForm, service: "{ vip: public, port: 80, real_servers: 1️⃣web1 }"),
    Refusal(
      "a VIP in defaults", .unknownKey, top: "defaults: { 1️⃣vip: public }",
      service: "{ vip: public, port: 80, real_servers: [web1] }"),
  ]

  static let values: [Refusal] = [
    Refusal("zeros in front of a port", .badPort, service: "{ vip: public, port: 1️⃣0080, real_servers: [web1] }"),
    Refusal(
      "quoted zeros in front of a port", .badPort, service: "{ vip: public, port: 1️⃣\"0080\", real_servers: [web1] }"),
    Refusal("a port beyond 65535", .badPort, service: "{ vip: public, port: [80, 1️⃣65536], real_servers: [web1] }"),
    Refusal("a range backwards", .badPort, service: "{ vip: public, port: 1️⃣81-80, real_servers: [web1] }"),
    Refusal(
      "a weight of yes", .badNumber,
      service: "{ vip: public, port: 80, real_servers: [{ server: web1, weight: 1️⃣yes }] }"),
    Refusal(
      "a weight in hexadecimal", .badNumber,
      service: "{ vip: public, port: 80, real_servers: [{ server: web1, weight: 1️⃣0x10 }] }"),
    Refusal(
      "a negative weight", .outOfRange,
      service: "{ vip: public, port: 80, real_servers: [{ server: web1, weight: 1️⃣-1 }] }"),
    Refusal(
      "a weight of 2147483648", .outOfRange,
      service: "{ vip: public, port: 80, real_servers: [{ server: web1, weight: 1️⃣2147483648 }] }"),
    Refusal("an address of three numbers", .badAddress, service: "{ vip: 1️⃣1.2.3, port: 80, real_servers: [web1] }"),
    Refusal("an address with zeros in front", .badAddress, service: "{ vip: 1️⃣10.0.0.01, port: 80, real_servers: [] }"),
    Refusal("a multicast VIP", .unusableAddress, service: "{ vip: 1️⃣224.0.0.1, port: 80, real_servers: [web1] }"),
    Refusal("a loopback VIP", .unusableAddress, service: "{ vip: 1️⃣\"::1\", port: 80, real_servers: [web1] }"),
    Refusal("a firewall mark of 0", .outOfRange, service: "{ fwmark: 1️⃣0, real_servers: [web1] }"),
    Refusal(
      "yes for true", .badBoolean,
      service: "{ vip: public, port: 53, protocol: udp, one_packet: 1️⃣yes, real_servers: [web1] }"),
    Refusal(
      "what can be no scheduler", .unknownWord,
      service: "{ vip: public, port: 80, scheduler: 1️⃣\"r r\", real_servers: [] }"),
    Refusal(
      "a range of VIPs backwards", .badAddress, service: "{ vip: 1️⃣192.168.147.119-110, port: 80, real_servers: [] }"),
    Refusal(
      "a range of VIPs without an end", .badAddress, service: "{ vip: 1️⃣192.168.147.110-, port: 80, real_servers: [] }"),
    Refusal(
      "a range of VIPs over both families", .badAddress,
      service: "{ vip: 1️⃣\"10.0.0.1-2001:db8::1\", port: 80, real_servers: [] }"),
    Refusal(
      "a VIP of a list that is in a range of it", .repeatedValue,
      service: "{ vip: [10.0.0.1-9, 1️⃣10.0.0.9], port: 80, real_servers: [] }"),
    Refusal(
      "a VIP of a list by address and by name", .repeatedValue,
      service: "{ vip: [public, 1️⃣192.168.147.100], port: 80, real_servers: [] }"),
    Refusal("an empty list of VIPs", .missingValue, service: "{ vip: 1️⃣[], port: 80, real_servers: [] }"),
    Refusal(
      "a range of VIPs over two machines", .vipIsRealAddress, .vipIsRealAddress,
      service: "{ vip: 1️⃣2️⃣192.168.147.4-9, port: 80, real_servers: [] }"),
    Refusal("a range of marks backwards", .badNumber, service: "{ fwmark: 1️⃣8-7, real_servers: [] }"),
    Refusal("a range of marks from 0", .outOfRange, service: "{ fwmark: 1️⃣0-7, real_servers: [] }"),
    Refusal("a mark in a list twice", .repeatedValue, service: "{ fwmark: [1-9, 1️⃣9-10], real_servers: [] }"),
    Refusal(
      "a prefix of 0 for IPv6", .badNetmask,
      service: "{ vip: \"2001:db8::1\", port: 80, persistence: { netmask: 1️⃣0 }, real_servers: [web1] }"),
    Refusal(
      "a prefix length of a VIP beyond its family", .outOfRange, .outOfRange,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        vips: [{ address: 10.0.0.100, prefix: 1️⃣33 }, { address: "2001:db8::1", prefix: 2️⃣129 }]
        services: []
        """),
    Refusal(
      "a network that is named by another address", .badNetwork, top: "ignore: [1️⃣10.0.0.5/8]",
      service: "{ vip: public, port: 80, real_servers: [web1] }"),
    Refusal(
      "a sysctl of none", .badSysctl, top: "sysctls: { director: { net.ipv4.ip_forward: 1️⃣none } }",
      service: "{ vip: public, port: 80, real_servers: [web1] }"),
    Refusal(
      "one sysctl in two spellings", .repeatedKey,
      top: "sysctls: { director: { net.ipv4.conf.bond0.209.rp_filter: 1, 1️⃣net.ipv4.conf.bond0/209.rp_filter: 2 } }",
      service: "{ vip: public, port: 80, real_servers: [web1] }"),
    Refusal(
      "no seconds of persistence", .outOfRange, service: "{ vip: public, port: 80, persistence: 1️⃣0, real_servers: [] }"),
    Refusal(
      "a persistence of half a minute and a bit", .badNumber,
      service: "{ vip: public, port: 80, persistence: 1️⃣0.51m, real_servers: [] }"),
    Refusal(
      "a timeout with a word for its unit", .badNumber, top: "timeouts: { tcp: 1️⃣15 min }",
      service: "{ vip: public, port: 80, real_servers: [] }"),
    Refusal(
      "a persistence of 32 days", .outOfRange,
      service: "{ vip: public, port: 80, persistence: { timeout: 1️⃣32d }, real_servers: [] }"),
    Refusal(
      "an IPv4 netmask of an IPv6 service", .badNetmask,
      service: "{ vip: \"2001:db8::1\", port: 80, persistence: { netmask: 1️⃣255.255.255.0 }, real_servers: [web1] }"),
    Refusal(
      "a prefix too long for IPv4", .badNetmask,
      service: "{ vip: public, port: 80, persistence: { timeout: 60, netmask: 1️⃣33 }, real_servers: [web1] }"),
    Refusal(
      "a label of 16 characters", .badLabel,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        vips: [{ address: 10.0.0.100, label: 1️⃣\"eth0:abcdefghijk\" }]
        services: []
        """),
    Refusal(
      "an interface of 16 characters", .badInterface,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: 1️⃣abcdefghijklmnop }]
        services: []
        """),
    Refusal(
      "a cluster's name with a slash", .badName,
      text: """
        name: 1️⃣../x
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        services: []
        """),
    Refusal(
      "a timeout of 0", .outOfRange, top: "timeouts: { tcp_fin: 1️⃣0 }",
      service: "{ vip: public, port: 80, real_servers: [web1] }"),
    Refusal(
      "a sync group that is not multicast", .unusableAddress, top: "sync: { interface: eth1, group: 1️⃣10.0.0.1 }",
      service: "{ vip: public, port: 80, real_servers: [web1] }"),
    Refusal(
      "a sysctl outside /proc/sys", .badSysctl, top: "sysctls: { director: { 1️⃣net/../../x: 1 } }",
      service: "{ vip: public, port: 80, real_servers: [web1] }"),
  ]

  static let names: [Refusal] = [
    Refusal(
      "a real server that is not there", .unknownName, service: "{ vip: public, port: 80, real_servers: [1️⃣wbe1] }"),
    Refusal("a VIP that is not there", .unknownName, service: "{ vip: 1️⃣publik, port: 80, real_servers: [web1] }"),
    Refusal(
      "a pool in a pool", .notARealServer,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        pools: { a: [], b: [1️⃣a] }
        services: []
        """),
    Refusal(
      "a name of two real servers", .repeatedName,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        real_servers: [{ name: a, address: 10.0.0.2 }, { name: 1️⃣a, address: 10.0.0.3 }]
        services: []
        """),
    Refusal(
      "a name of two directors", .repeatedName,
      text: """
        directors: [{ name: a, address: 10.0.0.2, interface: e }, { name: 1️⃣a, address: 10.0.0.3, interface: e }]
        services: []
        """),
    Refusal(
      "a name of a real server and a pool", .repeatedName,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        real_servers: [{ name: a, address: 10.0.0.2 }]
        pools: { 1️⃣a: [a] }
        services: []
        """),
    Refusal(
      "one name for two machines with two roles", .repeatedName,
      text: """
        real_servers: [{ name: a, address: 10.0.0.2 }]
        directors: [{ name: 1️⃣a, address: 10.0.0.1, interface: eth0 }]
        services: []
        """),
    Refusal(
      "an address of two real servers", .repeatedAddress,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        real_servers: [{ name: a, address: 10.0.0.2 }, { name: b, address: 1️⃣10.0.0.2 }]
        services: []
        """),
    Refusal(
      "two real servers that are one director", .repeatedAddress,
      text: """
        directors: [{ name: d1, address: [10.0.0.1, 10.0.1.1], interface: eth0 }]
        real_servers: [{ name: a, address: 10.0.0.1 }, 1️⃣{ name: b, address: 10.0.1.1 }]
        services: []
        """),
    Refusal(
      "a VIP listed twice", .repeatedVIP,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        vips: [{ address: 10.0.0.100 }, { address: 1️⃣10.0.0.100 }]
        services: []
        """),
    Refusal(
      "a holder that is no director", .unknownName,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        vips: [{ address: 10.0.0.100, held_by: 1️⃣d2 }]
        services: []
        """),
    Refusal(
      "a director that is called external", .badName,
      text: """
        directors: [{ name: 1️⃣external, address: 10.0.0.1, interface: eth0 }]
        vips: [{ address: 10.0.0.100, held_by: d2 }]
        services: []
        """),
    Refusal(
      "a real server's address as a VIP that another program holds", .vipIsRealAddress,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        real_servers: [{ name: a, address: 10.0.0.2 }]
        vips: [{ address: 1️⃣10.0.0.2, held_by: external }]
        services: []
        """),
    Refusal(
      "a machine that is the director that forwards too", .unusableAddress,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        real_servers: [{ name: a, address: 1️⃣[10.0.0.2, "::1"] }]
        services: []
        """),
    Refusal(
      "an interface of the director that forwards", .badInterface,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        real_servers: [{ name: a, address: 127.0.0.1, interface: 1️⃣lo }]
        services: []
        """),
    Refusal(
      "NAT to the director that forwards", .localForward,
      text: """
        directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
        real_servers: [{ name: a, address: 127.0.0.1 }]
        services: [{ vip: 10.0.0.100, port: 80, real_servers: [{ server: a, forward: dr }, 1️⃣{ server: a, port: 81, forward: nat }] }]
        """),
    Refusal(
      "a service that is ignored", .ignoredService, top: "ignore: [192.168.0.0/16]",
      service: "{ vip: 1️⃣public, port: 80, real_servers: [web1] }"),
    Refusal(
      "a VIP that is a real server's address", .vipIsRealAddress,
      service: "{ vip: 1️⃣192.168.147.3, port: 80, real_servers: [] }"),
    Refusal(
      "a VIP that is a director's address", .vipIsRealAddress,
      service: "{ vip: 1️⃣192.168.147.6, port: 80, real_servers: [] }"),
  ]

  static let services: [Refusal] = [
    Refusal(
      "the same service twice", .repeatedService,
      service: "{ vip: public, port: 80, real_servers: [] }\n  - { vip: 192.168.147.100, port: 1️⃣80, real_servers: [] }"),
    Refusal(
      "a port of a range twice", .repeatedService,
      service: "{ vip: public, port: 80-90, real_servers: [] }\n  - { vip: public, port: [1, 1️⃣85], real_servers: [] }"),
    Refusal(
      "a firewall mark twice", .repeatedService,
      service: "{ fwmark: 1, real_servers: [] }\n  - { fwmark: 1️⃣1, family: ipv4, real_servers: [] }"),
    Refusal(
      "a real server twice", .repeatedRealServer, service: "{ vip: public, port: 80, real_servers: [web1, 1️⃣web1] }"),
    Refusal(
      "a real server twice through a pool", .repeatedRealServer,
      service: "{ vip: public, port: 80, real_servers: [web2, 1️⃣web] }"),
    Refusal(
      "a real server twice as a map", .repeatedRealServer,
      service: "{ vip: public, port: 80, real_servers: [web, 1️⃣{ server: web1, weight: 2 }] }"),
    Refusal(
      "another port by DR", .portMismatch,
      service: "{ vip: public, port: 80, real_servers: [{ server: web1, port: 1️⃣8080 }] }"),
    Refusal(
      "another port by TUN", .portMismatch,
      service: "{ vip: public, port: 80, forward: tun, real_servers: [{ server: web1, port: 1️⃣8080 }] }"),
    Refusal(
      "a port for a firewall mark by DR", .portMismatch,
      service: "{ fwmark: 1, real_servers: [{ server: web1, port: 1️⃣80 }] }"),
    Refusal(
      "an IPv6 service on a real server without IPv6", .mixedFamilies,
      service: "{ vip: \"2001:db8::1\", port: 80, real_servers: [web1, 1️⃣web2] }"),
    Refusal(
      "mixed families by NAT", .mixedFamilies,
      service: "{ vip: public, port: 80, forward: nat, real_servers: [1️⃣web3] }"),
    Refusal(
      "mixed families by tunnel beside a sync daemon", .mixedFamilies, top: "sync: { interface: eth1 }",
      service: "{ vip: public, port: 80, forward: tun, real_servers: [1️⃣web3] }"),
    Refusal(
      "a lower threshold above the upper one", .thresholdOrder,
      service: "{ vip: public, port: 80, real_servers: [{ server: web1, upper_threshold: 1, lower_threshold: 1️⃣2 }] }"),
    Refusal(
      "one packet on TCP", .onePacket, service: "{ vip: public, port: 80, one_packet: 1️⃣true, real_servers: [web1] }"),
    Refusal("port 0 without persistence", .portZero, service: "{ vip: public, port: 1️⃣0, real_servers: [web1] }"),
    Refusal(
      "a flag of another scheduler", .schedulerFlag,
      service: "{ vip: public, port: 80, scheduler: mh, scheduler_flags: [1️⃣sh-port], real_servers: [web1] }"),
    Refusal(
      "a flag on the default scheduler", .schedulerFlag,
      service: "{ vip: public, port: 80, scheduler_flags: [flag-1, 1️⃣mh-fallback], real_servers: [web1] }"),
    Refusal("a mark and a VIP", .fwmarkConflict, service: "{ fwmark: 1, vip: 1️⃣public, real_servers: [web1] }"),
    Refusal(
      "a family without a mark", .fwmarkConflict,
      service: "{ vip: public, port: 80, family: 1️⃣ipv4, real_servers: [web1] }"),
    Refusal(
      "a GUE tunnel without a port", .tunnelOption,
      service: "{ vip: public, port: 80, forward: tun, tunnel: { type: 1️⃣gue }, real_servers: [web1] }"),
    Refusal(
      "a tunnel without TUN", .tunnelOption,
      service: "{ vip: public, port: 80, tunnel: 1️⃣{ type: gre }, real_servers: [web1] }"),
    Refusal(
      "the engine sip on TCP", .persistenceEngine,
      service: "{ vip: public, port: 5060, persistence: { engine: 1️⃣sip }, real_servers: [web1] }"),
    Refusal(
      "a default that does not fit a service", .onePacket, top: "defaults: { one_packet: 1️⃣true }",
      service: "{ vip: public, port: 80, real_servers: [] }\n  - { vip: public, port: 81, real_servers: [] }"),
  ]

  static let health: [Refusal] = [
    Refusal(
      "a check of another type's key", .checkOption,
      service: "{ vip: public, port: 80, check: { type: tcp, 1️⃣path: / }, real_servers: [web1] }"),
    Refusal(
      "a certificate without a name", .checkOption,
      service: "{ vip: public, port: 80, check: { type: https, verify: 1️⃣true }, real_servers: [web1] }"),
    Refusal(
      "a program without a command", .missingKey,
      service: "{ vip: public, port: 80, check: 1️⃣exec, real_servers: [web1] }"),
    Refusal(
      "a program by its name", .badCommand,
      service: "{ vip: public, port: 80, check: { type: exec, command: [1️⃣true] }, real_servers: [web1] }"),
    Refusal(
      "a check twice, in two spellings", .repeatedValue,
      service: "{ vip: public, port: 80, check: [http, 1️⃣{ type: http, status: 200-299 }], real_servers: [web1] }"),
    Refusal(
      "a status of a range again", .repeatedValue,
      service: "{ vip: public, port: 80, check: { type: http, status: [200-299, 1️⃣204] }, real_servers: [web1] }"),
    Refusal(
      "a check of every port", .checkPort,
      service:
        "{ vip: public, port: 0, persistence: 60, check: [{ type: exec, command: [/x] }, 1️⃣tcp], real_servers: [web1] }"),
    Refusal(
      "a check of a firewall mark by one real server", .checkPort,
      service: "{ fwmark: 1, real_servers: [{ server: web1, check: 1️⃣https }, web2] }"),
    Refusal(
      "a check beside another checker", .othersHealth,
      service: "{ vip: public, port: 80, weights: external, check: 1️⃣tcp, real_servers: [web1] }"),
    Refusal(
      "a check of one real server beside another holder", .othersHealth, top: "defaults: { held_by: external }",
      service: "{ vip: public, port: 80, real_servers: [{ server: web1, check: 1️⃣tcp }] }"),
    Refusal(
      "a quorum beyond the real servers", .quorumTooLarge,
      service: "{ vip: public, port: 80, quorum: 1️⃣3, real_servers: [web] }"),
    Refusal(
      "a quorum that needs the fallback", .quorumTooLarge,
      service: "{ vip: public, port: 80, quorum: 1️⃣2, real_servers: [web1], fallback: web2 }"),
    Refusal(
      "a fallback that serves already", .repeatedRealServer,
      service: "{ vip: public, port: 80, real_servers: [web], fallback: 1️⃣web2 }"),
    Refusal(
      "a fallback of the defaults that serves already", .repeatedRealServer, top: "defaults: { fallback: 1️⃣web2 }",
      service: "{ vip: public, port: 80, real_servers: [web] }\n  - { vip: public, port: 81, real_servers: [web2] }"),
    Refusal(
      "the port of a fallback that serves already", .repeatedRealServer,
      service:
        "{ vip: public, port: 80, forward: nat, real_servers: [web], fallback: 1️⃣{ server: web2, port: 80 } }"),
    Refusal(
      "a pool as a fallback", .notARealServer,
      service: "{ vip: public, port: 80, real_servers: [web1], fallback: 1️⃣web }"),
    Refusal(
      "a fallback without weight", .fallbackWeight,
      service: "{ vip: public, port: 80, real_servers: [web1], fallback: { server: web2, weight: 1️⃣0 } }"),
    Refusal(
      "a fallback of the other family", .mixedFamilies,
      service: "{ vip: public, port: 80, real_servers: [web1], fallback: 1️⃣web3 }"),
    Refusal(
      "a check of the fallback", .unknownKey,
      service: "{ vip: public, port: 80, real_servers: [web1], fallback: { server: web2, 1️⃣check: tcp } }"),
    Refusal(
      "a faulty fallback of the defaults, that no service has", .thresholdOrder,
      top: "defaults: { fallback: { server: web2, lower_threshold: 1️⃣1 } }",
      service: "{ vip: public, port: 80, real_servers: [web1], fallback: none }"),
    Refusal(
      "a control character that is not sent", .controlCharacter,
      service: "{ vip: public, port: 80, check: { type: http, body: 1️⃣\"\\0\" }, real_servers: [web1] }"),
    Refusal(
      "what is sent in the place of something else", .controlCharacter, .unknownWord,
      service:
        "{ vip: public, port: 80, check: { type: udp, send: &x \"\\0\" }, on_failure: 1️⃣*x, weights: 2️⃣y, real_servers: [] }"
    ),
  ]

  @Test(arguments: text + forms + values + names + services + health)
  func `a fault is found at its exact character and nowhere else`(refusal: Refusal) {
    let (text, positions) = takingMarkers(refusal.text)
    let reading = ClusterFile.read(Array(text.utf8))
    #expect(reading.file == nil)
    #expect(reading.diagnostics.map(\.code) == refusal.codes)
    #expect(reading.diagnostics.map(\.range?.start) == positions.map { $0 })
  }

  @Test func `all faults of a file are found in one run`() {
    let (text, positions) = takingMarkers(
      """
      directors:
        - { name: d1, address: 1️⃣10.0.0, interface: eth0 }
      real_servers:
        - { name: web1, address: 10.0.0.4, weight: 2️⃣yes }
        - { name: web2, 3️⃣adress: 10.0.0.5, address: 10.0.0.6 }
      services:
        - { vip: 10.0.0.100, port: 4️⃣0080, scheduler: 5️⃣rrr }
        - { vip: 10.0.0.100, port: 443, real_servers: [6️⃣wbe1] }
      """)
    let diagnostics = ClusterFile.read(Array(text.utf8)).diagnostics
    #expect(
      diagnostics.map(\.code) == [.badAddress, .badNumber, .unknownKey, .badPort, .unknownWord, .unknownName])
    #expect(diagnostics.map(\.range?.start) == positions.map { $0 })
  }

  @Test func `a fault of defaults is told once and counts the services`() throws {
    let text = """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      defaults: { one_packet: true }
      services:
        - { vip: 10.0.0.100, port: 80-99 }
        - { vip: 10.0.0.100, port: 100 }
        - { vip: 10.0.0.100, port: 101 }
      """
    let diagnostics = ClusterFile.read(Array(text.utf8)).diagnostics
    #expect(diagnostics.count == 1)
    let message = try #require(diagnostics.first?.message)
    #expect(message.contains("tcp 10.0.0.100:80 "))
    #expect(message.hasSuffix("The same is true for 2 more services."))
  }

  @Test func `a warning about a shared list does not hide the error that it means to another service`() {
    let (text, positions) = takingMarkers(
      """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      real_servers: [{ name: web1, address: 10.0.0.4 }]
      defaults: { real_servers: [{ server: web1, port: 1️⃣8080 }] }
      services:
        - { fwmark: 1, forward: nat, persistence: 60 }
        - { vip: 10.0.0.100, port: 80, forward: dr }
      """)
    let reading = ClusterFile.read(Array(text.utf8))
    #expect(reading.file == nil)
    #expect(reading.diagnostics.map(\.code) == [.portMismatch, .portMismatch])
    #expect(Set(reading.diagnostics.map(\.severity)) == [.warning, .error])
    #expect(reading.diagnostics.map(\.range?.start) == [positions[0], positions[0]])
  }

  @Test func `each real server of a pool that a service cannot reach is named`() {
    let (text, positions) = takingMarkers(
      """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      real_servers: [{ name: web1, address: 10.0.0.4 }, { name: web2, address: 10.0.0.5 }]
      pools: { web: [web1, web2] }
      services: [{ vip: "2001:db8::1", port: [80, 443], real_servers: [1️⃣web] }]
      """)
    let diagnostics = ClusterFile.read(Array(text.utf8)).diagnostics
    #expect(diagnostics.map(\.code) == [.mixedFamilies, .mixedFamilies])
    #expect(diagnostics.map(\.range?.start) == [positions[0], positions[0]])
    for (diagnostic, name) in zip(diagnostics, ["web1", "web2"]) {
      #expect(diagnostic.message.contains("`\(name)`"))
      #expect(!diagnostic.message.contains("more service"))
    }
  }

  @Test func `what is only suspicious is a warning and the file is used`() {
    let text = """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      services: [{ vip: 10.0.0.100, port: 80, persistence: { netmask: 255.0.255.0 } }]
      """
    let reading = ClusterFile.read(Array(text.utf8))
    #expect(reading.diagnostics.map(\.severity) == [.warning])
    #expect(reading.file?.services.first?.settings.persistence?.netmask == .ipv4(0xff00_ff00))
  }

  @Test(arguments: [
    "1️⃣real_server: [{ name: web1, address: 10.0.0.4 }]", "real_servers: [1️⃣web1]", "real_servers: 1️⃣{ web1: 10.0.0.4 }",
    "real_servers: [{ 1️⃣nam: web1, address: 10.0.0.4 }]", "real_servers: [{ name: 1️⃣web/1, address: 10.0.0.4 }]",
    "real_servers: [{ name: web1, 1️⃣adress: 10.0.0.4 }]", "real_servers: [{ name: web1, address: 1️⃣10.0.0 }]",
  ])
  func `one mistake in the real servers is not told again for each service`(section: String) {
    let (text, positions) = takingMarkers(
      """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      \(section)
      services:
        - { vip: 10.0.0.100, port: 80, real_servers: [web1] }
        - { vip: 10.0.0.100, port: 81, real_servers: [{ server: web1, weight: 2 }] }
        - { vip: 10.0.0.100, port: 82 }
      """)
    #expect(ClusterFile.read(Array(text.utf8)).diagnostics.map(\.range?.start) == positions.map { $0 })
  }

  @Test func `two services on one bad address keep their own faults, and are told to be the same`() throws {
    let (text, positions) = takingMarkers(
      """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      services:
        - { vip: 1️⃣127.0.0.1, port: 80 }
        - { vip: 127.0.0.1, port: 2️⃣80, one_packet: 3️⃣true }
        - { vip: 127.0.0.1, port: 81, persistence: { netmask: 4️⃣64 } }
      """)
    let diagnostics = ClusterFile.read(Array(text.utf8)).diagnostics
    #expect(diagnostics.map(\.code) == [.unusableAddress, .repeatedService, .onePacket, .badNetmask])
    #expect(diagnostics.map(\.range?.start) == positions.map { $0 })
    #expect(try #require(diagnostics.first?.message).hasSuffix("The same is true for 2 more services."))
  }

  @Test func `what is good in a list is known to other rules, whatever is faulty in it`() {
    let (text, positions) = takingMarkers(
      """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      services:
        - { vip: [10.0.0.100, 1️⃣10.0.0], port: [80, 2️⃣htpp], protocol: [tcp, 3️⃣upd], real_servers: 4️⃣web1 }
        - { vip: 10.0.0.100, port: 5️⃣80 }
      """)
    let diagnostics = ClusterFile.read(Array(text.utf8)).diagnostics
    #expect(
      diagnostics.map(\.code) == [.badAddress, .badPort, .unknownWord, .wrongForm, .repeatedService])
    #expect(diagnostics.map(\.range?.start) == positions.map { $0 })
  }

  @Test(arguments: [
    ("lb_algo: rr", "The key here is `scheduler`"), ("lb_kind: DR", "The key here is `forward`"),
    ("persistence_timeout: 60", "`persistence: 300`"), ("sorry_server: web1", "`fallback: sorry`"),
    ("real: [web1]", "The key here is `real_servers`"), ("forward: gate", "Write `dr`"),
    ("forward: masq", "Write `nat`"),
    ("forward: ipip", "Write `tun`"), ("forward: DR", "Did you mean `dr`?"), ("protocol: TCP", "Did you mean `tcp`?"),
    ("netmask: 24", "Write `netmask` in `persistence`"), ("ops: true", "The key here is `one_packet`"),
    ("sh-port: true", "`scheduler_flags`"), ("virtual_server: x", "Write `services` in the cluster file itself"),
    ("quiescent: true", "The key here is `on_failure`"), ("HTTP_GET: {}", "The key here is `check`"),
    ("SSL_GET: {}", "`check: { type: https"), ("TCP_CHECK: {}", "`check: tcp`"), ("UDP_CHECK: {}", "type: udp"),
    ("MISC_CHECK: {}", "type: exec, command"), ("delay_loop: 6", "Write `interval` in `check`"),
    ("connect_timeout: 3", "Write `timeout` in `check`"), ("retry: 3", "Write `fall` in `check`"),
    ("delay_before_retry: 1", "after `interval`"), ("inhibit_on_failure: true", "The key here is `on_failure`"),
    ("checktype: negotiate", "Write `type` in `check`"), ("service: http", "Write `type` in `check`"),
    ("request: /x", "Write `path` in `check`"), ("receive: ok", "Write `body` in `check`"),
    ("virtualhost: x", "Write `host` in `check`"), ("checkport: 80", "Write `port` in `check`"),
    ("checkinterval: 5", "Write `interval` in `check`"), ("checktimeout: 5", "Write `timeout` in `check`"),
    ("negotiatetimeout: 5", "Write `timeout` in `check`"), ("checkcount: 3", "Write `fall` in `check`"),
    ("failurecount: 3", "Write `fall` in `check`"), ("checkcommand: x", "Write `command` in `check`"),
    ("check: { type: http, status_code: 200 }", "The key here is `status`"),
    ("check: { type: exec, misc_path: x, command: [/x] }", "The key here is `command`"),
    ("check: { type: http, request: x }", "The key here is `path`"), ("check: negotiate", "Write the protocol"),
    ("check: connect", "Write `tcp`"), ("check: { type: ping }", "`exec` with a program"),
    ("check: on", "Name the way"),
    ("on_failure: inhibit", "Write `drain`"),
    ("real_servers: [{ server: web1, HTTP_GET: {} }]", "The key here is `check`"),
    ("quorum_up: x", "No program is started"), ("smtp_check: {}", "type: exec"), ("alpha: true", "Leave it out"),
    ("scheduler: round-robin", "Write `rr`"),
    ("weight: 2", "{ server: web1, weight: 2 }"), ("ip: 10.0.0.9", "The key here is `vip`"),
    ("address: 10.0.0.9", "The key here is `vip`"), ("name: web", "`vips: [{ name: web"),
    ("scheduler: leastconnection", "Write `lc`"), ("scheduler: roundrobin", "Write `rr`"),
    ("scheduler: least-connection", "Write `lc`"), ("scheduler: weighted-round-robin", "Write `wrr`"),
    ("scheduler: source", "Write `sh`"), ("forward: masquerading", "Write `nat`"), ("forward: VS-DR", "Write `dr`"),
    ("timeout: 300", "It is a key of `persistence` and of `check`."),
    ("real_servers: [{ server: web1, ip: 10.0.0.2 }]", "The key here is `server`"),
    ("tcp: 60", "It is a key of `timeouts`."),
  ])
  func `the word of a peer program gets the word of the file`(entry: String, help: String) throws {
    let text = """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      real_servers: [{ name: web1, address: 10.0.0.2 }]
      services: [{ vip: 10.0.0.100, port: 80, \(entry) }]
      """
    let diagnostics = ClusterFile.read(Array(text.utf8)).diagnostics
    #expect(diagnostics.count == 1 && diagnostics[0].severity == .error)
    let told = try #require(diagnostics.first?.help)
    #expect(told.contains(help), "\(told)")
  }

  @Test(arguments: [
    ("directors: [{ name: d1, ip: 10.0.0.1, interface: eth0 }]", "The key here is `address`."),
    ("directors: [{ name: d1, address: 10.0.0.1, interface: eth0, vip: 10.0.0.9 }]", "Write `vip` in a service,"),
    ("directors: [{ name: d1, address: 10.0.0.1/24, interface: eth0 }]", "Write `10.0.0.1`, the address alone."),
    ("real_servers: [{ name: w, address: 10.0.0.2, port: 80 }]", "`{ server: web1, forward: nat, port: 8080 }`"),
    ("real_servers: [{ name: w, address: 10.0.0.2, forward: nat }]", "Write `forward` in a service,"),
    (
      "real_servers: [{ name: w, address: 10.0.0.2, persistence: 5 }]",
      "It is a key of a service; for all services it stands in `defaults`."
    ),
    ("scheduler: rr", "It is a key of a service; for all services it stands in `defaults`."),
    ("vips: [{ vip: 10.0.0.9 }]", "The key here is `address`."),
    ("vips: [{ address: 10.0.0.9/24 }]", "Write `address: 10.0.0.9, prefix: 24`."),
    ("vips: [{ address: 10.0.0.9/32 }]", "Write `10.0.0.9`, the address alone."),
    (
      "services: [{ vip: 10.0.0.9/24, port: 80 }]",
      "Write `10.0.0.9` here, and `vips: [{ address: 10.0.0.9, prefix: 24 }]`"
    ),
    (
      "services: [{ vip: \"2001:db8::9/64\", port: 80 }]",
      "Write `2001:db8::9` here, and `vips: [{ address: 2001:db8::9, prefix: 64 }]` for its prefix length."
    ),
    ("services: [{ vip: 10.0.0.9/33, port: 80 }]", "Leave out the prefix length after the `/`."),
    ("services: [{ ip: 10.0.0.9, port: 80 }]", "The key here is `vip`, as in `vip: 192.168.147.100`."),
  ])
  func `what stands in a wrong place is told its own`(part: String, help: String) throws {
    let parts = ["directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]", "services: []"]
    let others = parts.filter { $0.prefix(6) != part.prefix(6) }
    let diagnostics = ClusterFile.read(Array((others + [part]).joined(separator: "\n").utf8)).diagnostics
    #expect(diagnostics.count == 1, "\(diagnostics.map(\.message))")
    let told = try #require(diagnostics.first?.help)
    #expect(told.text.contains(help), "\(told)")
  }

  @Test func `a scheduler that nobody knows is a warning that names the nearest`() throws {
    let text = """
      directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]
      services: [{ vip: 10.0.0.100, port: 80, scheduler: rrr }]
      """
    let reading = ClusterFile.read(Array(text.utf8))
    #expect(reading.diagnostics.map(\.severity) == [.warning])
    #expect(reading.diagnostics.first?.help == "Did you mean `rr`?")
    #expect(reading.file?.services.first?.settings.scheduler == Scheduler("rrr"))
  }

  @Test func `a misspelt section is not missing too`() {
    let text = "directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]\nservises: []"
    #expect(ClusterFile.read(Array(text.utf8)).diagnostics.map(\.code) == [.unknownKey])
  }
}
