import CNetlink
import Glibc
import LVSModel

/// Other people's IPv4 routes of devices whose addresses change, to be put back when the steps are taken back.
///
/// With the last address of a device the kernel flushes all of its routes (fib_inetaddr_event, fib_disable_ip), and with
/// any address those that have it for their source (fib_sync_down_addr), whoever put them there. They are kept in the
/// kernel's own words, as ip-route(8) `save` and `restore` do, since a plan knows only some of what a route can be.
final class RouteKeeper {
  private let kernel: KernelConnection
  private var kept: [UInt32: [RawRoute]] = [:]
  /// Devices whose routes could not be read.
  private var unread: Set<String> = []

  init(_ kernel: KernelConnection) { self.kernel = kernel }

  /// Keeps the routes of the devices whose addresses steps change, as they are before the first of these; an address that
  /// comes counts too, since its undo may leave the device without one.
  func keep(before steps: some Sequence<Change>) {
    for step in steps {
      guard case .address(let id) = step.subject, id.address.family == .ipv4 else { continue }
      do throws(NetlinkError) {
        let index = try kernel.interfaceIndex(id.interface)
        if kept[index] == nil { kept[index] = try kernel.rawRoutes(throughIndex: index) }
      } catch {
        unread.insert(id.interface)
      }
    }
  }

  /// Puts back what is missing, and returns in words what still is, read back.
  func putBack() throws(NetlinkError) -> [String] {
    var remains = unread.sorted().map { "routes of \($0), which could not be read" }
    for (index, routes) in kept.sorted(by: { $0.key < $1.key }) {
      var missing = try kernel.missing(routes, throughIndex: index)
      // Once more for those whose gateway is reached by another one of them.
      for _ in 0..<2 where !missing.isEmpty {
        kernel.add(missing)
        missing = try kernel.missing(missing, throughIndex: index)
      }
      remains += missing.map(\.words)
    }
    return remains
  }
}

/// A route as the kernel writes it: struct rtmsg and its attributes.
private struct RawRoute: Hashable {
  let bytes: [UInt8]
  let words: String
}

extension KernelConnection {
  /// The IPv4 routes of all tables through an interface that neither the kernel made by itself nor lvsctl.
  fileprivate func rawRoutes(throughIndex index: UInt32) throws(NetlinkError) -> [RawRoute] {
    var builder = MessageBuilder()
    builder.message(type: RTM_GETROUTE) { message in
      message.append(UInt8(truncatingIfNeeded: AddressFamily.ipv4.number))
      for _ in 0..<7 { message.append(UInt8(0)) }
      message.append(UInt32(0))
      message.attribute(Int(RTA_OIF.rawValue), index)
    }
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

  fileprivate func missing(_ routes: [RawRoute], throughIndex index: UInt32) throws(NetlinkError) -> [RawRoute] {
    if routes.isEmpty { return [] }
    let now = Set(try rawRoutes(throughIndex: index))
    return routes.filter { !now.contains($0) }
  }

  /// Adds routes, past those that are refused.
  fileprivate func add(_ routes: [RawRoute]) {
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
    var buffer = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
    let name = if_indextoname(index, &buffer).map { String(cString: $0) } ?? "\(index)"
    let gateway = record.gateway.map { " via \($0)" } ?? ""
    words = "route \(record.destination)/\(record.prefixLength)\(gateway) dev \(name)"
  }
}
