import ArgumentParser
import LVSRender
import LVSSystem

struct ExportKeepalived: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keepalived",
    abstract: "Write a director's configuration of keepalived --vrrp, by the vrrp of the file.",
    discussion: """
      keepalived moves the VIPs, and nothing else: services and real servers are lvsctl's. The role follows the VIPs, with \
      lvsctld by itself, and without it by the lines that keepalived runs on a change. Neither privilege nor IPVS is needed.

      Example:
        lvsctl export keepalived --vrrp --output /etc/keepalived/keepalived.conf
      """)

  @OptionGroup var arguments: ExportArguments

  @Flag(help: "The part of VRRP, which is what there is.")
  var vrrp = false

  func validate() throws {
    if !vrrp {
      throw ValidationError(
        "Write --vrrp: keepalived's VRRP is what is written; virtual servers and checks are lvsctl's and lvsctld's.")
    }
  }

  func run() throws {
    let instance = try arguments.export().vrrpInstance()
    let apply = try applyCommand()
    try arguments.report.write(
      unwritableAsFailure { () throws(UnwritableName) in try instance.keepalivedConfiguration(apply: apply) })
  }

  /// What keepalived is to run on a change: this program, with the file that is there whenever it runs.
  private func applyCommand() throws(Failure) -> [String] {
    let file = arguments.source.file == "-" ? FileArgument.standard : arguments.source.file
    guard let program = Program.ownPath, let path = absolutePath(file) else {
      throw Failure(.refused, "The path of lvsctl, or of the current folder, is not known: is /proc mounted?")
    }
    return [program, "apply", path, "--lock-timeout", "60"] + (arguments.sysctlOption.anySysctl ? ["--any-sysctl"] : [])
  }
}
