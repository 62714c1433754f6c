import CNetlink
import Glibc
import LVSModel
import LVSSystem

/// The network namespace of this thread: what lvsctl calls a machine.
public enum NetworkNamespace {
  /// Which of a file system's machines this namespace is.
  public enum Kind: Equatable {
    /// The kernel's first one: the machine itself.
    case machine
    /// A container's: another one than the kernel's first, and that of its process 1.
    case container
    /// One beside those, as `ip netns add` makes them.
    case other
  }

  /// Found without privilege: /proc/1/ns/net is for those alone who may trace process 1.
  public static var kind: Kind {
    // net_core_table of sysctl_net_core.c is there in the first namespace alone.
    if access("/proc/sys/net/core/dev_weight", F_OK) == 0 { return .machine }
    // A file below net/ is one for each namespace, with a number of its own (proc_net_ns_init).
    let first = inode("/proc/1/net/dev")
    return first != nil && first == inode("/proc/thread-self/net/dev") ? .container : .other
  }

  /// The number of the namespace among those that are there: no two have the same at a time, and one that comes later may
  /// get that of one that is gone (proc_alloc_inum).
  public static func number() throws(SystemError) -> UInt64 {
    let path = "/proc/thread-self/ns/net"
    guard let number = inode(path) else { throw SystemError(errno: errno, subject: path) }
    return number
  }

  /// The machine's start, and what tells this namespace from all others since: its cookie, or before Linux 5.14 its
  /// number.
  public static func place() throws(SystemError) -> MachinePlace {
    let boot = Sysctl.normalized(try contents(of: "/proc/sys/kernel/random/boot_id"))
    if let cookie = try cookie() { return MachinePlace(boot: boot, namespace: cookie) }
    return MachinePlace(boot: boot, namespace: "number \(try number())")
  }

  private static func cookie() throws(SystemError) -> String? {
    let socket = try UnixSocket.open()
    defer { close(socket) }
    var cookie: UInt64 = 0
    var length = socklen_t(MemoryLayout.size(ofValue: cookie))
    let result = getsockopt(socket, SOL_SOCKET, Int32(CNETLINK_SO_NETNS_COOKIE), &cookie, &length)
    return result == 0 ? "cookie \(cookie)" : nil
  }

  private static func inode(_ path: String) -> UInt64? {
    var status = stat()
    return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
  }
}
