import ArgumentParser
import LVSModel
import LVSNode
import LVSText

struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write what other programs need of the cluster file for a node.",
    subcommands: [ExportKeepalived.self, ExportSysctl.self, ExportModules.self])

  /// Without a form there is nothing to write.
  func run() throws {
    Terminal.report(Message(verbatim: LVSCtl.helpMessage(for: Self.self)))
    throw ExitCode(ExitStatus.usage.rawValue)
  }
}

/// What all forms have in common.
struct ExportArguments: ParsableArguments {
  @OptionGroup var source: FileArgument

  @Option(
    help: "Write it for the node of that name; without it for the node that holds an address of this machine.",
    completion: Completion.nodes)
  var node: String?

  @OptionGroup var report: ReportOutput
  @OptionGroup var sysctlOption: SysctlOption

  @Option(help: "auto colours terminals only and honours NO_COLOR.")
  var color: ColorChoice = .auto

  /// The node, in a role.
  func export(role: RoleRequest = .auto) throws -> NodeExport {
    let file = try source.load(color, anySysctl: sysctlOption.anySysctl)
    return try NodeExport(file, node, role: role, .told)
  }
}

/// What forms have in common that depend on the role.
struct RoleExportArguments: ParsableArguments {
  @OptionGroup var common: ExportArguments

  @Option(name: .shortAndLong, help: "auto: what the file says, and without --node also an earlier --role.")
  var role: RoleRequest = .auto

  func export() throws -> NodeExport { try common.export(role: role) }
}
