import LVSModel

/// How far the numbers of the cluster file go; the reader asks here, and the table of keys tells of it.
enum KeyRange {
  /// A weight: ip_vs_add_dest() refuses negative ones, and the kernel's field is an int.
  static var weight: ClosedRange<Int> { 0...Int(Int32.max) }
  /// A threshold of connections, 0 for none: ip_vs_add_dest() refuses upper ones beyond INT_MAX.
  static var threshold: ClosedRange<Int> { 0...Int(Int32.max) }
  /// A port.
  static var port: ClosedRange<Int> { 1...65535 }
  /// The port of a service, where 0 is every port.
  static var anyPort: ClosedRange<Int> { 0...65535 }
  /// A firewall mark; the kernel's field has 32 bits, and a packet without a mark has 0.
  static var fwmark: ClosedRange<Int> { 1...Int(UInt32.max) }
  /// Seconds of a connection timeout: ip_vs_set_timeout() refuses those beyond INT_MAX / HZ, HZ is at most 1000, and 0
  /// leaves a timeout as it is.
  static var timeout: ClosedRange<Int> { 1...2_147_483 }
  /// Seconds of persistence: at most those of ipvsadm(8), 31 days, which the kernel's 32 bits hold at any HZ.
  static var persistence: ClosedRange<Int> { 1...31 * 86400 }
  /// The prefix length by which persistence tells clients apart; an IPv4 one goes to 32, an IPv6 one begins with 1.
  static var clientPrefix: ClosedRange<Int> { 0...128 }
  /// The id of connection sync.
  static var syncID: ClosedRange<Int> { 0...255 }
  /// The multicast time to live of connection sync.
  static var syncTTL: ClosedRange<Int> { 1...255 }
  /// A virtual router id (RFC 3768, 5.3.3).
  static var vrrpID: ClosedRange<Int> { 1...255 }
  /// Seconds between two advertisements: version 3 of VRRP, which IPv6 takes, has 12 bits for hundredths (RFC 5798, 5.2.7).
  static var vrrpInterval: ClosedRange<Int> { 1...40 }
  /// A priority that leaves room for a lower one; 255 is the owner's of an address, which a VIP has none of (RFC 5798,
  /// 5.2.4).
  static var vrrpPriority: ClosedRange<Int> { 2...254 }

  /// How many real servers a service needs: no service has more than a file may have entries.
  static var quorum: ClosedRange<Int> { 1...ClusterFile.entryLimit }
  /// How many checks a real server has: each of them is asked in each service.
  static var checks: ClosedRange<Int> { 1...16 }
  /// Seconds from one check to the next.
  static var checkInterval: ClosedRange<Int> { 1...86400 }
  /// Seconds that a check may take.
  static var checkTimeout: ClosedRange<Int> { 1...3600 }
  /// Answers in a row that count.
  static var checkCount: ClosedRange<Int> { 1...1000 }
  /// A status of HTTP.
  static var status: ClosedRange<Int> { 100...599 }
  /// The bytes of a text that a check sends or looks for.
  static var text: ClosedRange<Int> { 1...1024 }
  /// The words of a command.
  static var commandWords: ClosedRange<Int> { 1...64 }
  /// The bytes of each: no more than is read of any value.
  static var commandWord: ClosedRange<Int> { 0...YAMLTape.scalarLimit }

  /// The prefix length of a VIP.
  static func prefix(_ family: AddressFamily) -> ClosedRange<Int> { 1...Int(family.hostPrefixLength) }

  /// The length of connection sync's messages to a group of a family: start_sync_thread() raises a backup's length to
  /// 1024 and cuts it to what fits a datagram, after which the kernel would for ever show another length than the file.
  static func syncLength(_ family: AddressFamily) -> ClosedRange<Int> { 1024...65535 - 8 - (family == .ipv6 ? 40 : 20) }
}
