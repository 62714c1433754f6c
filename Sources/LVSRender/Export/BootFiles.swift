import LVSPlan
import LVSText

extension BootSettings {
  /// Its sysctls for sysctl.d(5).
  ///
  /// That file's readers (systemd-sysctl(8), and `sysctl --system`) interchange dots and slashes of a name where its first
  /// separator is a dot, as names are written here; a `-` in front has them pass over one that is not there yet, such as
  /// those of an interface, which udev sets once it comes.
  public func sysctlLines() throws(UnwritableName) -> String {
    var lines = head("sysctl", "sysctl.d(5)")
    if sysctls.isEmpty { lines += "# Its part needs none.\n" }
    for (name, value) in sysctls {
      let name = try written(name, "The sysctl", in: "sysctl.d")
      lines += "\(name.isAlwaysThere ? "" : "-")\(name) = \(value)\n"
    }
    return lines
  }

  /// Its modules for modules-load.d(5).
  public func moduleLines() throws(UnwritableName) -> String {
    var lines = head("modules", "modules-load.d(5)")
    if modules.isEmpty { lines += "# Its part needs none.\n" }
    for name in modules { lines += "\(try written(name, "The module", in: "modules-load.d"))\n" }
    return lines
  }

  private func head(_ command: String, _ form: String) -> String {
    let part = role.map { " (\($0))" } ?? ""
    return """
      # \(Printable("\(node)\(part) of \(cluster)").text), for \(form).
      # Written by lvsctl export \(command): change the cluster file and write this anew, it is not to be edited.

      """
  }
}

extension String {
  /// Whether a sysctl by this name is there before any interface but lo, and any module.
  fileprivate var isAlwaysThere: Bool {
    let parts = split(separator: ".")
    guard parts.count > 3 else { return true }
    if parts[2] == "vs" { return false }
    return parts[2] != "conf" && parts[2] != "neigh" || ["all", "default", "lo"].contains(parts[3])
  }
}
