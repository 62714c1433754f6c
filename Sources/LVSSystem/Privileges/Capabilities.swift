import Glibc

/// The effective capabilities of this process; see capabilities(7).
public struct Capabilities: Hashable, Sendable {
  /// Bit n is capability n.
  public var effective: UInt64

  /// Creates a set from its bits.
  public init(effective: UInt64) { self.effective = effective }

  /// Those of this process, from /proc/self/status.
  public static func current() throws(SystemError) -> Capabilities {
    let path = "/proc/self/status"
    let status = String(decoding: try contents(of: path), as: UTF8.self)
    let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
    guard let word = line?.split(whereSeparator: { $0 == "\t" || $0 == " " }).last, let bits = UInt64(word, radix: 16)
    else { throw SystemError(errno: nil, subject: path, details: "there is no CapEff line") }
    return Capabilities(effective: bits)
  }

  /// CAP_NET_ADMIN: to read and to change IPVS, addresses and routes.
  public var hasNetAdmin: Bool { has(12) }
  /// CAP_NET_RAW: to announce addresses.
  public var hasNetRaw: Bool { has(13) }
  /// CAP_SYS_ADMIN: to make namespaces and to mount.
  public var hasSysAdmin: Bool { has(21) }
  /// CAP_SYS_MODULE: to load modules.
  public var hasSysModule: Bool { has(16) }

  private func has(_ number: Int) -> Bool { effective >> number & 1 == 1 }
}
