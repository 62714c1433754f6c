/// What IPVS says of itself.
public struct IPVSInfo: Hashable, Sendable {
  /// The version, as in IP_VS_VERSION_CODE: 0x010201 is 1.2.1.
  public var version: UInt32
  /// The size of the connection hash table, in rows.
  public var connectionTableSize: UInt32

  /// Creates what is known of IPVS.
  public init(version: UInt32 = 0, connectionTableSize: UInt32 = 0) {
    self.version = version
    self.connectionTableSize = connectionTableSize
  }

  /// The version with its dots: `1.2.1` (NVERSION of linux/ip_vs.h).
  public var versionText: String { "\(version >> 16 & 255).\(version >> 8 & 255).\(version & 255)" }
}
