import ArgumentParser
import LVSModel
import LVSNode
import LVSSystem

struct SnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Print this node's live state as JSON, for diff --against elsewhere.",
    discussion: """
      It holds whatever a cluster file could speak of: services, addresses, host routes, devices, modules, and the \
      sysctls under net.ipv4, net.ipv6, net.core and net.netfilter that everybody may read. Two snapshots of the same \
      state are the same bytes: there are no counters in them.

      Example:
        lvsctl snapshot > director1.json
      """)

  @Argument(
    help: "A cluster file, for the names of the cluster and the node; - is standard input.", completion: .file())
  var file: String?

  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var sysctlOption: SysctlOption

  func validate() throws {
    if file == nil && (nodeOptions.node != nil || nodeOptions.role != .auto) {
      throw ValidationError("--node and --role are words of a cluster file; name that file too.")
    }
  }

  func run() throws {
    try Requirements.proc()
    let session = try file.map {
      try NodeSession(
        try FileArgument.load($0, output.color, anySysctl: sysctlOption.anySysctl), nodeOptions.request, .told)
    }
    Terminal.print(json: try Snapshot.taken(as: session, .told).json)
  }
}
