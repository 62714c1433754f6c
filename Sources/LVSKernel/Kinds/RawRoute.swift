import CNetlink
import Glibc
import LVSModel

/// A route as the kernel writes it: struct rtmsg and its attributes.
struct RawRoute: Hashable {
  let bytes: [UInt8]
  let words: String
}

extension KernelConnection {
  /// The IPv4 routes of all tables through an interface that neither the kernel made by itself nor lvsctl.
  func rawRoutes(throughIndex index: UInt32) throws(NetlinkError) -> [RawRoute] {
    var builder = MessageBuilder()
    builder.allTablesDump(.ipv4, index: index)
    do throws(NetlinkError) {
      return try route().dump(&builder, describing: "list the routes", into: []) { routes, bytes, message in
        guard CInt(message.type) == CInt(RTM_NEWROUTE) else { return true }
        guard let record = RouteRecord(message, in: bytes) else { return false }
        // Kernels before 4.20 send every route there is.
        guard record.interfaceIndex == index, record.mark != UInt8(RTPROT_KERNEL), record.mark != ownershipMark
        else { return true }
        routes.append(RawRoute(record, message, in: bytes, interface: index))
        return true
      }
    } catch {
      // The kernel makes the main table with its first route (inet_dump_fib).
      if error.errno == ENOENT { return [] }
      throw error
    }
  }

  func missing(_ routes: [RawRoute], throughIndex index: UInt32) throws(NetlinkError) -> [RawRoute] {
    if routes.isEmpty { return [] }
    let now = Set(try rawRoutes(throughIndex: index))
    return routes.filter { !now.contains($0) }
  }

  /// Adds routes, past those that are refused.
  func add(_ routes: [RawRoute]) {
    var batch = RequestBatch()
    do throws(NetlinkError) {
      for raw in routes {
        try batch.append { (builder) throws(NetlinkError) in
          builder.message(type: RTM_NEWROUTE, flags: NLM_F_CREATE | NLM_F_EXCL) { message in
            for byte in raw.bytes { message.append(byte) }
          }
        }
      }
      _ = try route().send(&batch, describing: { routes[$0].words }, passes: { _, _ in true })
    } catch {
      // What could not be added is found missing.
    }
  }
}

extension RawRoute {
  init(_ record: RouteRecord, _ message: NetlinkMessage, in bytes: RawSpan, interface index: UInt32) {
    var copy = bytes.extracting(message.payload).withUnsafeBytes { Array($0) }
    // Of rtm_flags, at 8, only RTNH_F_ONLINK is somebody's wish: the others tell of the device (RTNH_F_LINKDOWN), and are
    // refused in a request.
    let flags = 8
    copy[flags] &= UInt8(RTNH_F_ONLINK)
    for place in flags + 1..<flags + 4 { copy[place] = 0 }
    self.bytes = copy
    let name = interfaceName(index) ?? "\(index)"
    let gateway = record.gateway.map { " via \($0)" } ?? ""
    words = "route \(record.destination)/\(record.prefixLength)\(gateway) dev \(name)"
  }
}
