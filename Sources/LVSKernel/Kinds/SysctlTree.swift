import Glibc
import LVSModel
import LVSSystem

/// The sysctls of this network namespace that a cluster file may name, from one walk.
public struct SysctlTree: Equatable, Sendable {
  /// Name as sysctl(8) writes it → value with runs of blanks made one space.
  public var values: [String: String] = [:]
  /// Those whose value is not for everybody, such as the keys of TCP Fast Open, or that the kernel does not tell.
  public var withheld: Set<String> = []

  /// An interface has some 150 of them: enough for three thousand interfaces.
  static let largest = 500_000
  private static let depthLimit = 8
  /// They count what happens, and nobody can set them.
  private static let counters: Set<String> = ["net.netfilter.nf_conntrack_count"]

  /// Walks through the folders that a snapshot is about; throws where there are more than half a million.
  public static func read() throws(SystemError) -> SysctlTree {
    var tree = SysctlTree()
    for name in Snapshot.sysctlFolders {
      try tree.walk("/proc/sys/" + name.split(separator: ".").joined(separator: "/"), name: name, depth: 0)
    }
    return tree
  }

  /// A folder that is not there, as of a module that is not loaded, holds nothing.
  private mutating func walk(_ path: String, name: String, depth: Int) throws(SystemError) {
    guard depth < Self.depthLimit else { return }
    for (part, mode) in entries(ofFolder: path) {
      // A dot in a part is a slash in the name, as sysctl(8) has it.
      let inner = name + "." + String(part.map { $0 == "." ? "/" : $0 })
      switch mode & S_IFMT {
      case S_IFDIR: try walk("\(path)/\(part)", name: inner, depth: depth + 1)
      case S_IFREG: try note("\(path)/\(part)", name: inner, mode: mode)
      default: break
      }
    }
  }

  private mutating func note(_ path: String, name: String, mode: mode_t) throws(SystemError) {
    // What can only be written is an order, such as net.ipv4.route.flush.
    if mode & 0o444 == 0 || Self.counters.contains(name) { return }
    if values.count + withheld.count >= Self.largest {
      throw SystemError(errno: nil, subject: "/proc/sys/net", details: "there are more than \(Self.largest) sysctls")
    }
    // A snapshot is made to be passed on.
    guard mode & S_IROTH != 0 else {
      withheld.insert(name)
      return
    }
    do throws(SystemError) {
      values[name] = Sysctl.normalized(try contents(of: path))
    } catch {
      // One that has gone by now went with its interface.
      if error.errno != ENOENT { withheld.insert(name) }
    }
  }
}
