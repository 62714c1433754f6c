import ArgumentParser
import LVSCore

struct SnapshotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "snapshot",
    abstract: "Print this node's live state as JSON, for diff --against elsewhere.",
    discussion: """
      Two snapshots of the same state are the same bytes: there are no counters in them.

      Example:
        lvsctl snapshot cluster.conf > director1.json
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    let session = try NodeSession(try source.load(output.color), nodeOptions)
    let observed = try session.observe()
    let remembered = session.memory.stored ?? MachineMemory()
    let snapshot = Snapshot(
      cluster: session.file.name, node: session.node.name, role: session.role,
      state: observed.restricted(to: session.target), managedVIPs: remembered.vips,
      managedFwmarks: remembered.fwmarks)
    Terminal.print(JSONText.pretty(snapshot.json) + "\n")
  }
}
