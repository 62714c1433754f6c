import ArgumentParser
import LVSKernel
import LVSModel

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
      try NodeSession(try FileArgument.load($0, output.color, anySysctl: sysctlOption.anySysctl), nodeOptions)
    }
    let kernel = session?.kernel ?? KernelConnection()
    let whole: Observed
    do {
      whole = try kernel.observe(.wholeNode)
    } catch {
      throw Failure(describing: error)
    }
    let memory = session?.memory ?? .forLook()
    let snapshot = Snapshot(
      cluster: session?.file.name, node: session?.node.name, role: session?.role, state: whole.state,
      withheldSysctls: whole.withheldSysctls, memory: memory.stored ?? MachineMemory())
    Terminal.print(json: snapshot.json)
  }
}
