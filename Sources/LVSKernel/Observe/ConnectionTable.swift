import Glibc
import LVSModel
import LVSSystem

/// The connections of IPVS, as ip_vs_conn_seq_show() of the kernel lists them.
public enum ConnectionTable {
  private static let path = "/proc/thread-self/net/ip_vs_conn"

  /// A connection.
  public struct Row: Hashable {
    /// How far a connection has come, as far as that matters here.
    enum Stage: Hashable {
      /// A flow of UDP, until it times out.
      case flow
      /// An association of SCTP that is being set up.
      case halfOpen
      /// Anything else.
      case other
    }

    /// The protocol, nil for one that no service can have.
    public internal(set) var transport: TransportProtocol?
    /// The client's address.
    public internal(set) var client: IPAddress
    /// The client's port.
    public internal(set) var clientPort: UInt16
    /// The address that the client asked.
    public internal(set) var vip: IPAddress
    /// The port that the client asked.
    public internal(set) var vipPort: UInt16
    /// The real server.
    public internal(set) var realServer: RealServerID
    /// How far it has come.
    var stage: Stage

    /// Whether the kernel counts it as inactive although it is not over.
    var isOpenAndInactive: Bool { stage != .other }
  }

  /// Reads the table as a stream, a row at a time; templates of persistence are not connections and are left out.
  ///
  /// Throws where it cannot be read: without CONFIG_PROC_FS, or before IPVS is loaded, it is not there.
  public static func read(_ body: (Row) -> Void) throws(SystemError) {
    // No row is longer than a quarter of a kilobyte.
    try forEachLine(of: path) { line in
      if let row = Row(line) { body(row) }
    }
  }
}

extension ConnectionTable.Row {
  /// Reads a line `Pro FromIP FPrt ToIP TPrt DestIP DPrt State Expires …`, or nil for the headline and for templates.
  public init?(_ line: ArraySlice<UInt8>) {
    var words = line.split(separator: UInt8(ascii: " "), maxSplits: 8)[...]
    guard words.count >= 8, let name = words.popFirst(), let client = words.popFirst().flatMap(Self.address),
      let clientPort = words.popFirst().flatMap(Self.port), let vip = words.popFirst().flatMap(Self.address),
      let vipPort = words.popFirst().flatMap(Self.port),
      let server = words.popFirst().flatMap(Self.address), let port = words.popFirst().flatMap(Self.port),
      let state = words.popFirst()
    else { return nil }
    // ip_vs_state_name(): a template is ASSURED or NONE, the latter also a connection of which no packet was looked at.
    if state.elementsEqual("ASSURED".utf8) || state.elementsEqual("NONE".utf8) { return nil }
    // Before Linux 4.18 a template has the state of its protocol; the client's port it never has.
    if clientPort == 0 { return nil }
    self.client = client
    self.clientPort = clientPort
    self.vip = vip
    self.vipPort = vipPort
    realServer = RealServerID(address: server, port: port)
    transport = Self.names.first { name.elementsEqual($0.name.utf8) }?.transport
    stage = .other
    if transport == .udp { stage = .flow }
    if transport == .sctp, Self.halfOpen.contains(where: { state.elementsEqual($0.utf8) }) { stage = .halfOpen }
  }

  private static let names: [(name: String, transport: TransportProtocol)] = TransportProtocol.allCases.map {
    ($0.word.uppercased(), $0)
  }

  /// sctp_state_name_table of the kernel: the states before ESTABLISHED.
  private static let halfOpen = ["INIT1", "INIT", "C-SENT", "C-REPLIED", "C-WAIT", "COOKIE", "C-ECHOED"]

  /// `C0A89364`, or the eight groups of an IPv6 address with all their digits.
  private static func address(_ word: ArraySlice<UInt8>) -> IPAddress? {
    if word.count == 8 { return hexadecimal(word).map { IPAddress(ipv4: UInt32(truncatingIfNeeded: $0)) } }
    let digits = word.filter { $0 != UInt8(ascii: ":") }
    guard digits.count == 32, let high = hexadecimal(digits[..<16]), let low = hexadecimal(digits[16...]) else {
      return nil
    }
    return IPAddress(ipv6High: high, low: low)
  }

  private static func port(_ word: ArraySlice<UInt8>) -> UInt16? {
    word.count == 4 ? hexadecimal(word).map { UInt16(truncatingIfNeeded: $0) } : nil
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
    var number: UInt64 = 0
    for digit in digits {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
      case UInt8(ascii: "A")...UInt8(ascii: "F"): number = number << 4 | UInt64(digit - UInt8(ascii: "A") + 10)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
      default: return nil
      }
    }
    return number
  }
}
