import LVSModel
import LVSPlan
import LVSText

extension VRRPInstance {
  /// The configuration of `keepalived --vrrp` on this director, by keepalived.conf(5); `apply` is the command, its words
  /// absolute paths and options, that gives the node the role that follows from who holds the VIPs.
  ///
  /// - Both sides begin as BACKUP: `nopreempt` is for those alone, and whoever has the highest priority becomes master
  ///   anyway where nobody is.
  /// - One address is advertised, and the others are moved along: a director that reads an advertisement with other
  ///   addresses than its own drops it (vrrp_check_packet() of vrrp.c), and would become master beside the other while a
  ///   VIP is added to one director after the other.
  /// - All notify lines are the same, since the role is seen and not told: a line that comes late, twice or in the wrong
  ///   order does no harm.
  /// - The master announces itself every other second: one that was frozen for a while, and goes on as if nothing had been,
  ///   is believed by the other director at once, and by the neighbours when they are told.
  /// - What such a line starts leaves keepalived's process group: keepalived kills what it has started when it stops, and
  ///   with it the line that tells of that.
  /// - IPv6 addresses are deprecated, as those that lvsctl adds: none becomes the source of the machine's own packets.
  public func keepalivedConfiguration(apply: [String]) throws(UnwritableName) -> String {
    let words = ["/usr/bin/setsid", "--fork"] + apply
    let command = try words.map { word throws(UnwritableName) in try written(word, "The word", in: Self.file) }
      .joined(separator: " ")
    var lines = """
      # VRRP of \(Printable("\(director) of \(cluster)").text), for keepalived --vrrp: virtual servers are lvsctl's.
      # Written by lvsctl export keepalived --vrrp: change the cluster file and write this anew, it is not to be edited.

      global_defs {
          router_id \(Self.word(director))
          enable_script_security
          script_user root
      }

      vrrp_instance \(Self.word(cluster)) {
          state BACKUP\(preempts ? "" : "\n    nopreempt")
          interface \(try interfaceName(interface))
          virtual_router_id \(id)
          priority \(priority)
          advert_int \(interval)
          garp_master_refresh 2

      """
    if let unicast {
      lines += "    unicast_src_ip \(unicast.source)\n"
      lines += block("unicast_peer", unicast.peers.map(\.description))
    }
    if !furtherInterfaces.isEmpty {
      lines += block(
        "track_interface", try furtherInterfaces.map { name throws(UnwritableName) in try interfaceName(name) })
    }
    let addresses = try addresses.map { address throws(UnwritableName) in try line(address) }
    lines += block("virtual_ipaddress", addresses.prefix(1))
    if addresses.count > 1 { lines += block("virtual_ipaddress_excluded", addresses.dropFirst()) }
    for state in ["master", "backup", "fault", "stop"] { lines += "    notify_\(state) \"\(command)\"\n" }
    return lines + "}\n"
  }

  private static let file: Message = "keepalived.conf"

  private func interfaceName(_ name: String) throws(UnwritableName) -> String {
    try written(name, "The interface", in: Self.file)
  }

  private func line(_ address: Address) throws(UnwritableName) -> String {
    let line = "\(address.id.address)/\(address.id.prefixLength) dev \(try interfaceName(address.id.interface))"
    if address.id.address.family == .ipv6 { return "\(line) preferred_lft 0" }
    guard let label = address.label else { return line }
    return "\(line) label \(try written(label, "The label", in: Self.file))"
  }

  private func block(_ name: String, _ lines: some Collection<String>) -> String {
    "    \(name) {\n\(lines.map { "        \($0)\n" }.joined())    }\n"
  }

  /// A name of the file as one word, which keepalived shows and nothing depends on.
  private static func word(_ name: String) -> String {
    String(name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" })
  }
}
