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
