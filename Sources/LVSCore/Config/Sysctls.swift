/// The `sysctls` of a cluster file.
extension ClusterFileReader {
  func readSysctls(_ node: Int) -> SysctlOverrides {
    let help = "It has `director`, `standby` and `real_server`, each a map of sysctl name to value."
    guard let map = mapping(node, "`sysctls`", help: { help }) else { return SysctlOverrides() }
    let fields = fields(of: map, SysctlsKey.self)
    func wishes(_ key: SysctlsKey) -> [String: SysctlWish]? {
      fields.none(key) != nil ? [:] : fields[key].map { sysctlWishes($0, of: key.rawValue) }
    }
    return SysctlOverrides(
      director: wishes(.director) ?? [:], standby: wishes(.standby), realServer: wishes(.realServer) ?? [:])
  }

  private func sysctlWishes(_ node: Int, of role: String) -> [String: SysctlWish] {
    let help = "It maps names to values, as in `net.ipv4.vs.conntrack: 1`; write `{}` for none."
    guard let map = mapping(node, "`\(role)`", help: { help }) else { return [:] }
    var wishes: [String: SysctlWish] = [:]
    var keys: [String: Int] = [:]
    tape.forEachPair(of: map) { key, value in
      guard let word = keyWord(key) else { return }
      guard let name = SysctlName.normalized(word) else {
        report(.badSysctl, at: key, "`\(word.shortened)` cannot be the name of a sysctl.") {
          word.hasPrefix("/")
            ? "Write the name as sysctl(8) does, without /proc/sys/ in front."
            : "Write the name as sysctl(8) does, as in `net.ipv4.conf.eth0.rp_filter`."
        }
        return
      }
      if let first = keys[name] {
        reportRepeatedKey(word, at: key, first: first)
        return
      }
      keys[name] = key
      if !allowsAnySysctl && !SysctlName.isClusterFiles(name) {
        report(
          .foreignSysctl, at: key,
          "`\(word.shortened)` is outside `net.ipv4`, `net.ipv6`, `net.core` and `net.netfilter`."
        ) {
          "Leave it to sysctl.d(5); `--any-sysctl` allows it, and makes whoever may change this file as powerful as root."
        }
        return
      }
      guard let scalar = scalar(value, "`\(word)`") else { return }
      guard !tape.isNone(scalar) else {
        report(.badSysctl, at: value, "`none` does not tell whether the sysctl is to be left alone.") {
          "Write `keep` to leave it alone, or leave the line out for the value that the role implies."
        }
        return
      }
      guard let wish = sysctlWish(tape.string(scalar)) else {
        report(.badSysctl, at: value, "This is no value of a sysctl: it is empty, or longer than a page.") {
          "Write the value, or `keep` to leave the sysctl alone."
        }
        return
      }
      wishes[name] = wish
    }
    return wishes
  }

  /// A value with runs of blanks made one space, as they are compared; the kernel takes at most a page.
  private func sysctlWish(_ text: String) -> SysctlWish? {
    guard text.utf8.count <= SysctlName.longestValue, !text.utf8.contains(0) else { return nil }
    let value = text.split { $0 == " " || $0 == "\t" || $0 == "\n" }.joined(separator: " ")
    guard !value.isEmpty else { return nil }
    return value == "keep" ? .keep : .value(value)
  }
}

/// Names of sysctls, as sysctl(8) reads them.
public enum SysctlName {
  /// The folders below /proc/sys, in the kernel's words, that a cluster file may set sysctls in.
  public static let clusterFolders = ["net.ipv4", "net.ipv6", "net.core", "net.netfilter"]

  /// The kernel takes a page at most, its line break included (proc_sys_call_handler of proc_sysctl.c).
  static let longestValue = 4095

  /// Whether a sysctl, its name with dots between its parts, may be set by a cluster file without being asked for.
  static func isClusterFiles(_ name: String) -> Bool { clusterFolders.contains { name.hasPrefix("\($0).") } }

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
  static func normalized(_ text: String) -> String? {
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
