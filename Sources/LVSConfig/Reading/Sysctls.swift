import LVSModel
import LVSText

/// The `sysctls` of a cluster file.
extension ClusterFileReader {
  func sysctls(_ node: Int) -> SysctlsDraft? {
    let help: Message = "It has `director`, `standby` and `real_server`, each a map of sysctl name to value."
    guard let map = mapping(node, "`sysctls`", help: { help }) else { return nil }
    let fields = keyedNodes(of: map, SysctlsKey.self)
    var sysctls = SysctlsDraft()
    sysctls.director = placed(.director, fields) { sysctlWishes($0, of: SysctlsKey.director.rawValue) }
    sysctls.standby = placed(.standby, fields) { sysctlWishes($0, of: SysctlsKey.standby.rawValue) }
    sysctls.realServer = placed(.realServer, fields) { sysctlWishes($0, of: SysctlsKey.realServer.rawValue) }
    return sysctls
  }

  private func sysctlWishes(_ node: Int, of role: String) -> [SysctlsDraft.Entry]? {
    let help: Message = "It maps names to values, as in `net.ipv4.vs.conntrack: 1`; write `{}` for none."
    guard let map = mapping(node, "`\(role)`", help: { help }) else { return nil }
    var wishes: [SysctlsDraft.Entry] = []
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
      wishes.append(SysctlsDraft.Entry(name, wish, at: place(of: key)))
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
