import LVSConfig
import LVSModel
import LVSPlan
import LVSRender
import LVSText

/// A cluster file as input.
enum ClusterFileInput {
  /// More kernel services than this are read and not planned: a file may name a million.
  private static let plannedServices = 2_000

  static let words = [
    "{", "}", "[", "]", ":", ": ", ",", "- ", "? ", "\n", "\n  ", "  ", "\"", "'", "|\n", ">-\n", "# ", "---\n",
    "...\n",
    "&a ", "*a", "<<", "!!int ", "!x", "%TAG ! !\n", "~", "none", "null", "true", "keep", "0", "-1", "65535", "65536",
    "1-65535", "4294967295", "18446744073709551616", "10.0.0.1", "10.0.0.1-10.0.0.9", "0.0.0.0", "255.255.255.255",
    "::", "::1", "2001:db8::1", "::ffff:10.0.0.1", "fe80::1%eth0", "10.0.0.0/8", "eth0", "lo", "net.ipv4.ip_forward",
    "net/ipv4/conf/eth0.1/rp_filter", "kernel.core_pattern", "\0", "\t", "\u{7f}", "\u{85}", "\u{202e}", "\u{2028}",
    "\u{feff}", "é", "日", "$(true)", "`true`", "'", "name: ", "directors: ", "real_servers: ", "pools: ", "vips: ",
    "ignore: ", "defaults: ", "services: ", "timeouts: ", "sync: ", "sysctls: ", "vip: ", "port: ", "protocol: ",
    "fwmark: ", "family: ", "scheduler: ", "scheduler_flags: ", "forward: ", "tunnel: ", "persistence: ",
    "one_packet: ", "weights: ", "held_by: ", "server: ", "weight: ", "upper_threshold: ", "address: ", "interface: ",
    "check: ", "on_failure: ", "fallback: ", "quorum: ", "type: ", "path: ", "host: ", "status: ", "body: ", "verify: ",
    "send: ", "expect: ", "command: ", "interval: ", "timeout: ", "fall: ", "rise: ", "tcp", "http", "https", "exec",
    "200-299", "[/bin/true, -x]", "/healthz", "\"\\0\"", "drain", "remove", "label: ", "prefix: ", "sip", "wlc", "mh",
    "tun", "nat", "dr", "udp", "sctp", "ipv6", "external", "lvsctl",
  ]

  static func complaint(about bytes: [UInt8]) -> String? {
    let reading = ClusterFile.read(bytes)
    let hasError = reading.diagnostics.contains { $0.severity == .error }
    guard (reading.file == nil) == hasError else { return "There are a file and an error, or neither." }
    let text = ExcerptRenderer(fileName: "f", source: bytes, usesColor: false).text(reading.diagnostics)
    if let scalar = unprintable(in: text) { return "Its diagnostics hold U+\(String(scalar.value, radix: 16))." }
    guard let file = reading.file, file.services.count <= plannedServices else { return nil }
    if let difference = rewriting(bytes, file) { return difference }
    for node in file.nodes {
      let target = file.target(for: node)
      guard let plan = try? Planner.plan(target, observed: HostState()) else { continue }
      let report = NodePlan(cluster: file.name, node: node.name, role: node.roleWord, plan: plan)
      let texts = [
        TextSink.text { report.writeText(Style(usesColor: false), to: &$0) },
        TextSink.text { report.writeMarkdown(to: &$0) }, TextSink.text { plan.writeCommandLines(to: &$0) },
      ]
      for text in texts {
        if let scalar = unprintable(in: text) { return "Its plan holds U+\(String(scalar.value, radix: 16))." }
      }
      guard JSONText.value(of: Array(JSONText.pretty(report.json).utf8)) != nil else {
        return "The plan of \(node.name) is no JSON."
      }
      if let rest = remainder(target, node) { return rest }
    }
    return nil
  }

  /// What is read without faults is written, and read again as the same.
  private static func rewriting(_ bytes: [UInt8], _ file: ClusterFile) -> String? {
    guard let draft = ClusterDraft.read(bytes) else { return "There is a file, and no draft of it." }
    let text = Array(draft.yaml.utf8)
    guard ClusterDraft.read(text) == draft else { return "What was written of it is read as another draft." }
    return ClusterFile.read(text).file == file ? nil : "What was written of it is read as another file."
  }

  /// A node that holds what the file wants has nothing to do.
  private static func remainder(_ target: Target, _ node: Node) -> String? {
    guard let rest = try? Planner.plan(target, observed: target.state) else { return nil }
    return rest.isEmpty ? nil : "\(node.name) is what the file says, and there is still a plan."
  }
}
