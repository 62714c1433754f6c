/// What IPVS says of itself.
package struct IPVSInfo: Hashable, Sendable {
  /// The version, as in IP_VS_VERSION_CODE: 0x010201 is 1.2.1.
  package var version: UInt32
  /// The size of the connection hash table, in rows.
  package var connectionTableSize: UInt32

  /// Creates what is known of IPVS.
  package init(version: UInt32 = 0, connectionTableSize: UInt32 = 0) {
    self.version = version
    self.connectionTableSize = connectionTableSize
  }

  /// The version with its dots: `1.2.1` (NVERSION of linux/ip_vs.h).
  package var versionText: String { "\(version >> 16 & 255).\(version >> 8 & 255).\(version & 255)" }
}
