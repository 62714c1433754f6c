/// Names of sysctls, as sysctl(8) reads them.
public enum SysctlName {
  /// The folders below /proc/sys, in the kernel's words, that a cluster file may set sysctls in.
  public static let clusterFolders = ["net.ipv4", "net.ipv6", "net.core", "net.netfilter"]

  /// The kernel takes a page at most, its line break included (proc_sys_call_handler of proc_sysctl.c).
  public static let longestValue = 4095

  /// Whether a sysctl, its name with dots between its parts, may be set by a cluster file without being asked for.
  public static func isClusterFiles(_ name: String) -> Bool { clusterFolders.contains { name.hasPrefix("\($0).") } }

  /// Whether this is the name, with dots between its parts, of a sysctl below /proc/sys/net: no other is ever set from
  /// what is remembered.
  public static func isNetwork(_ name: String) -> Bool {
    let slash = UInt8(ascii: "/")
    guard name.hasPrefix("net."), !name.utf8.contains(0) else { return false }
    // As in `normalized(_:)`.
    return name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy {
      !$0.isEmpty && !$0.elementsEqual([slash]) && !$0.elementsEqual([slash, slash])
    }
  }

  /// The name with dots between its parts, or nil for what is no name.
  ///
  /// The first separator decides: after a dot the parts are between dots, and a slash stands for a dot in a part;
  /// after a slash it is the other way round. The dots of an interface may stay dots: its folder is known by the others.
  public static func normalized(_ text: String) -> String? {
    let dot = UInt8(ascii: ".")
    let slash = UInt8(ascii: "/")
    guard text.utf8.count <= 512, let first = text.utf8.first(where: { $0 == dot || $0 == slash }) else { return nil }
    guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7f }) else { return nil }
    let name = first == dot ? Array(text.utf8) : text.utf8.map { $0 == slash ? dot : $0 == dot ? slash : $0 }
    // In a path a part that is empty, `.` or `..` would lead elsewhere; its dots are slashes here.
    let parts = name.split(separator: dot, omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && !$0.elementsEqual([slash]) && !$0.elementsEqual([slash, slash]) }) else {
      return nil
    }
    return interfaceName(parts) ?? String(decoding: name, as: UTF8.self)
  }

  /// The name of a sysctl of an interface with dots, which are written as they are more often than as slashes; nil where
  /// there is nothing to join.
  ///
  /// Below these folders there is one for each interface and nothing but files in it, so what lies between is the
  /// interface.
  private static func interfaceName(_ parts: [ArraySlice<UInt8>]) -> String? {
    guard parts.count > 5, parts[0].elementsEqual("net".utf8) else { return nil }
    guard parts[1].elementsEqual("ipv4".utf8) || parts[1].elementsEqual("ipv6".utf8) else { return nil }
    guard parts[2].elementsEqual("conf".utf8) || parts[2].elementsEqual("neigh".utf8) else { return nil }
    let interface = parts[3..<(parts.count - 1)].joined(separator: [UInt8(ascii: "/")])
    let joined = parts[..<3] + [ArraySlice(interface)] + parts[(parts.count - 1)...]
    return String(decoding: Array(joined.joined(separator: [UInt8(ascii: ".")])), as: UTF8.self)
  }
}

/// The name of a sysctl below an interface, as sysctl(8) writes it: dots of the interface become slashes.
public func interfaceSysctl(_ family: AddressFamily, _ interface: String, _ key: String) -> String {
  let escaped = String(interface.map { $0 == "." ? "/" : $0 })
  return "net.\(family.word).conf.\(escaped).\(key)"
}

extension SysctlName {
  /// The fields of a sysctl with a value.
  static func fields(_ value: String) -> [Field] { [Field("value", .text(value))] }

  /// The command of sysctl(8); one that was not there cannot be taken away.
  static func commands(_ name: String, _ difference: Difference<String>) -> [[String]] {
    difference.after.map { [["sysctl", "-qw", "\(name)=\($0)"]] } ?? []
  }
}
