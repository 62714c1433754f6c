import Glibc
import LVSSystem

/// Sets up the interfaces and routes of a machine over rtnetlink(7): in a network of twenty machines, to start ip(8) for each
/// of them would take most of the time.
struct LinkSetup: ~Copyable {
  private let descriptor: Int32
  private var sequence: UInt32 = 0

  /// For the network namespace that this thread is in.
  init() throws(SystemError) {
    descriptor = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    if descriptor < 0 { throw SystemError(errno: errno, subject: "rtnetlink") }
  }

  deinit { close(descriptor) }

  // linux/rtnetlink.h and linux/netlink.h
  private static let newLink: UInt16 = 16
  private static let newAddress: UInt16 = 20
  private static let newRoute: UInt16 = 24
  private static let request: UInt16 = 0x5  // NLM_F_REQUEST | NLM_F_ACK
  private static let new: UInt16 = 0x600  // NLM_F_CREATE | NLM_F_EXCL

  /// Sets an interface up.
  mutating func setUp(_ interface: String) throws {
    // struct ifinfomsg: IFF_UP is the one flag, and the one that changes.
    let body =
      bytes(of: UInt32(0)) + bytes(of: UInt32(try index(of: interface))) + bytes(of: UInt32(1)) + bytes(of: UInt32(1))
    try ask(Self.newLink, Self.request, body, "\(interface) up")
  }

  /// Adds an address with its prefix length, as `ip address add` does; false where the text says more than that.
  ///
  /// An IPv6 one is `nodad`: without that the kernel adds it as tentative, also where `accept_dad` is 0, and a work queue
  /// makes it final a moment later (net/ipv6/addrconf.c, `ipv6_add_addr`, `addrconf_dad_work`). Until then bind(2) says that
  /// it is not there.
  mutating func addAddress(_ text: String, to interface: String) throws -> Bool {
    guard let prefix = Prefix(text) else { return false }
    // Scope host, as ip has it, for 127.0.0.0/8 (struct ifaddrmsg).
    let scope: UInt8 = prefix.address.count == 4 && prefix.address[0] == 127 ? 254 : 0
    let flags: UInt8 = prefix.address.count == 16 ? 0x02 : 0  // IFA_F_NODAD, linux/if_addr.h
    let head = [prefix.family, prefix.length, flags, scope] + bytes(of: UInt32(try index(of: interface)))
    // IFA_LOCAL and IFA_ADDRESS, which differ on point-to-point links alone.
    let body = head + attribute(2, prefix.address) + attribute(1, prefix.address)
    try ask(Self.newAddress, Self.request | Self.new, body, "\(text) on \(interface)")
    return true
  }

  /// Adds a route that leads to a gateway, as `ip route add DESTINATION via GATEWAY` does; false where the text says another
  /// thing.
  mutating func addRoute(_ text: String) throws -> Bool {
    let words = text.words
    guard words.count == 3, words[1] == "via", let gateway = Prefix(words[2]), !words[2].contains("/") else {
      return false
    }
    let isDefault = words[0] == "default"
    guard let destination = isDefault ? gateway.everything : Prefix(words[0]), destination.family == gateway.family
    else { return false }
    // struct rtmsg: the table main, RTPROT_BOOT, the scope universe, RTN_UNICAST.
    let head: [UInt8] = [destination.family, destination.length, 0, 0, 254, 3, 0, 1] + bytes(of: UInt32(0))
    let target = destination.length == 0 ? [] : attribute(1, destination.address)
    try ask(Self.newRoute, Self.request | Self.new, head + target + attribute(5, gateway.address), "route \(text)")
    return true
  }

  /// An address with its prefix length.
  private struct Prefix {
    let family: UInt8
    let address: [UInt8]
    let length: UInt8

    /// `192.168.147.4/24`, or an address alone, which is all of it.
    init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count <= 2 else { return nil }
      var bytes = [UInt8](repeating: 0, count: 16)
      if inet_pton(AF_INET, String(parts[0]), &bytes) == 1 {
        (family, address) = (UInt8(AF_INET), Array(bytes.prefix(4)))
      } else if inet_pton(AF_INET6, String(parts[0]), &bytes) == 1 {
        (family, address) = (UInt8(AF_INET6), bytes)
      } else {
        return nil
      }
      let whole = UInt8(address.count * 8)
      guard let length = parts.count == 1 ? whole : UInt8(parts[1]), length <= whole else { return nil }
      self.length = length
    }

    private init(family: UInt8) { (self.family, address, length) = (family, [], 0) }

    /// What a default route leads to.
    var everything: Prefix { Prefix(family: family) }
  }

  private func index(of interface: String) throws(SystemError) -> UInt32 {
    let index = if_nametoindex(interface)
    if index == 0 { throw SystemError(errno: errno, subject: "the interface \(interface)") }
    return index
  }

  /// An attribute; those of addresses are multiples of four bytes.
  private func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
    bytes(of: UInt16(value.count + 4)) + bytes(of: type) + value
  }

  /// Sends a message and waits for its acknowledgement.
  private mutating func ask(_ type: UInt16, _ flags: UInt16, _ body: [UInt8], _ what: String) throws(SystemError) {
    sequence += 1
    let head =
      bytes(of: UInt32(body.count + 16)) + bytes(of: type) + bytes(of: flags) + bytes(of: sequence)
      + bytes(of: UInt32(0))
    var refusal = StreamSocket.send(head + body, to: descriptor)
    if refusal == 0 {
      // struct nlmsgerr: the errno, below 0, comes behind the header.
      let answer = try beginning(of: descriptor, named: what, atMost: 4096)
      guard answer.count >= 20 else { throw SystemError(errno: EPROTO, subject: what) }
      refusal = -answer.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 16, as: Int32.self) }
    }
    if refusal != 0 { throw SystemError(errno: refusal, subject: what) }
  }
}
