import LVSConfig
import LVSModel
import LVSPlan
import LVSRender
import LVSSandbox
import LVSSystem

/// keepalived on the directors of a rehearsal: it moves the VIPs by VRRP, with the configuration that lvsctl exports.
final class RunningKeepalived {
  private let network: Network
  private let folder: String
  private var processes: [String: RunningCommand] = [:]

  private let lvsctl: [String]

  /// `lvsctl` are the words that give a node its role.
  init(_ network: Network, lvsctl: [String], folder: String) {
    self.network = network
    self.lvsctl = lvsctl
    self.folder = folder
  }

  /// Starts it on a director that has a part in VRRP.
  func start(on director: Int, of file: ClusterFile) throws {
    guard let instance = file.vrrpInstance(ofDirector: director) else { return }
    let name = file.directors[director].name
    let machine = network[name]
    let path = "\(folder)/keepalived-\(machine.name).conf"
    try create(path, holding: Array(try instance.keepalivedConfiguration(apply: lvsctl).utf8))
    processes[name] = try RunningCommand(
      [
        "keepalived", "--vrrp", "--dont-fork", "--log-console", "-f", path, "-p", "\(path).pid", "-r",
        "\(path).vrrp.pid",
      ], in: machine.name)
  }

  /// Whether this machine has it.
  static var isInstalled: Bool { Program.path(of: "keepalived", orIn: ["/usr/sbin", "/sbin"]) != nil }

  /// Kills it on a machine, all of its processes at once: nobody is left who would give the VIPs up.
  func end(on director: String) { processes[director]?.stop() }

  /// What one of them has said last.
  func lastWords(of director: String) -> String {
    let log = (processes[director]?.output ?? "") + (processes[director]?.errors ?? "")
    return log.lines.suffix(3).joined(separator: " / ")
  }

  /// Ends all of them.
  func stop() { for process in processes.values { process.stop() } }
}
