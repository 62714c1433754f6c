import Glibc
import LVSModel
import LVSSystem

/// The sockets of this machine, as tcp4_seq_show() and its like of the kernel list them.
///
/// Not over NETLINK_SOCK_DIAG: to be asked there makes the kernel load `inet_diag` and `tcp_diag`
/// (inet_diag_lock_handler), and a look must change nothing.
public enum SocketTable {
  private static let files: [(name: String, transport: TransportProtocol)] = [
    ("tcp", .tcp), ("tcp6", .tcp), ("udp", .udp), ("udp6", .udp),
  ]

  /// The sockets that listen; a kernel without IPv6 has none of it.
  public static func listeners() throws(SystemError) -> Set<Listener> {
    var listeners: Set<Listener> = []
    for (name, transport) in files {
      do throws(SystemError) {
        try forEachLine(of: "/proc/thread-self/net/\(name)") { line in
          if let listener = Listener(line, transport) { listeners.insert(listener) }
        }
      } catch {
        if error.errno != ENOENT || !name.hasSuffix("6") { throw error }
      }
    }
    return listeners
  }
}

extension Listener {
  /// Reads a line `sl: ADDRESS:PORT ADDRESS:PORT ST …`; nil for the headline, and for a socket that does not listen.
  public init?(_ line: ArraySlice<UInt8>, _ transport: TransportProtocol) {
    let words = line.split(separator: UInt8(ascii: " "), maxSplits: 4).map { String(decoding: $0, as: UTF8.self) }
    guard words.count > 3, let colon = words[1].lastIndex(of: ":"),
      let port = UInt16(words[1][words[1].index(after: colon)...], radix: 16)
    else { return nil }
    // TCP_LISTEN; a socket of UDP that is connected to nobody is in TCP_CLOSE (net/tcp_states.h).
    guard words[3] == (transport == .tcp ? "0A" : "07"), port != 0 else { return nil }
    guard let address = Self.address(words[1][..<colon]) else { return nil }
    self.init(transport, address, port: port)
  }

  /// Words of 32 bits as this machine keeps them, each with all its digits: 0100007F is 127.0.0.1 on a little-endian one.
  private static func address(_ digits: Substring) -> IPAddress? {
    guard digits.utf8.count == 8 || digits.utf8.count == 32 else { return nil }
    var bytes: [UInt8] = []
    var rest = digits
    while !rest.isEmpty {
      guard let word = UInt32(rest.prefix(8), radix: 16) else { return nil }
      withUnsafeBytes(of: word) { bytes += $0 }
      rest = rest.dropFirst(8)
    }
    return IPAddress(networkBytes: bytes)
  }
}
