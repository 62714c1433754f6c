import CNetlink
import Testing

@testable import LVSKernel
@testable import LVSModel

struct CounterCodecTests {
  /// Statistics attributes 1 to 10 with the numbers 1 to 10 times `factor`.
  private func message(narrow: UInt32?, wide: UInt64?) -> [UInt8] {
    written { builder in
      builder.ipvs(28, IPVS_CMD_NEW_DEST) { message in
        message.nested(IPVS_CMD_ATTR_DEST) { server in
          server.attribute(IPVS_DEST_ATTR_ACTIVE_CONNS, UInt32(21))
          server.attribute(IPVS_DEST_ATTR_INACT_CONNS, UInt32(22))
          server.attribute(IPVS_DEST_ATTR_PERSIST_CONNS, UInt32(23))
          if let narrow {
            server.nested(IPVS_DEST_ATTR_STATS) { statistics in
              for type in 1...10 {
                // The bytes are 64 bits wide even here (ip_vs_genl_fill_stats).
                if type == IPVS_STATS_ATTR_INBYTES || type == IPVS_STATS_ATTR_OUTBYTES {
                  statistics.attribute(type, UInt64(type) * UInt64(narrow))
                } else {
                  statistics.attribute(type, UInt32(type) * narrow)
                }
              }
            }
          }
          if let wide {
            server.nested(IPVS_DEST_ATTR_STATS64) { statistics in
              for type in 1...10 { statistics.attribute(type, UInt64(type) * wide) }
            }
          }
        }
      }
    }
  }

  private func traffic(_ factor: UInt64) -> TrafficCounters {
    var traffic = TrafficCounters()
    traffic.connections = factor
    traffic.packetsIn = 2 * factor
    traffic.packetsOut = 3 * factor
    traffic.bytesIn = 4 * factor
    traffic.bytesOut = 5 * factor
    traffic.connectionRate = 6 * factor
    traffic.packetRateIn = 7 * factor
    traffic.packetRateOut = 8 * factor
    traffic.byteRateIn = 9 * factor
    traffic.byteRateOut = 10 * factor
    return traffic
  }

  @Test(
    arguments: [
      (nil, 1 << 40, 1 << 40), (1000, nil, 1000), (1000, 1 << 40, 1 << 40), (nil, nil, 0),
    ] as [(UInt32?, UInt64?, UInt64)])
  func `wide counters are preferred to narrow ones`(narrow: UInt32?, wide: UInt64?, expected: UInt64) {
    let counters = decodingField(IPVS_CMD_ATTR_DEST, message(narrow: narrow, wide: wide)) {
      RealServerCounters($0, in: $1)
    }
    #expect(counters?.traffic == traffic(expected))
    #expect(counters?.active == 21)
    #expect(counters?.inactive == 22)
    #expect(counters?.persistent == 23)
  }
}
