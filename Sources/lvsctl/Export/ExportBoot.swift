import ArgumentParser
import LVSRender

struct ExportSysctl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sysctl",
    abstract: "Write a node's sysctls for sysctl.d(5), so that it has them before its network comes up.",
    discussion: """
      A real server that has them at boot is mute to ARP from the first packet on. Neither privilege nor IPVS is needed.

      Example:
        lvsctl export sysctl --output /etc/sysctl.d/60-lvsctl.conf
      """)

  @OptionGroup var arguments: RoleExportArguments

  func run() throws {
    let settings = try arguments.export().bootSettings
    try arguments.common.report.write(unwritableAsFailure { () throws(UnwritableName) in try settings.sysctlLines() })
  }
}

struct ExportModules: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "modules",
    abstract: "Write a node's kernel modules for modules-load.d(5), so that it has them before its sysctls are set.",
    discussion: """
      Neither privilege nor IPVS is needed.

      Example:
        lvsctl export modules --output /etc/modules-load.d/lvsctl.conf
      """)

  @OptionGroup var arguments: RoleExportArguments

  func run() throws {
    let settings = try arguments.export().bootSettings
    try arguments.common.report.write(unwritableAsFailure { () throws(UnwritableName) in try settings.moduleLines() })
  }
}

/// A text; a name that it cannot hold is one that the file had better not have.
func unwritableAsFailure(_ text: () throws(UnwritableName) -> String) throws(Failure) -> String {
  do {
    return try text()
  } catch {
    throw Failure(.invalidFile, error.message)
  }
}
