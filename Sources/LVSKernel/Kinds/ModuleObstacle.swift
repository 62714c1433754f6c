import Glibc
import LVSSystem

/// Why modprobe(8) does not load a module.
public enum ModuleObstacle: Hashable, Sendable {
  /// There is no modprobe.
  case noModprobe
  /// It finds no such module for this kernel.
  case notFound
  /// modprobe.d(5) puts another command in its place, one that loads nothing; with the file, where that was found.
  case replaced(command: String, file: String?)
  /// kernel.modules_disabled: nothing is loaded before the next start.
  case disabled
}

extension KernelModule {
  /// What keeps modprobe(8) from loading it, or nil where nothing is known to; loads nothing.
  public var obstacle: ModuleObstacle? {
    get throws(SystemError) {
      guard let modprobe = Program(named: "modprobe") else { return .noModprobe }
      let (status, steps) = try modprobe.run(["--show-depends", "-q", name], reading: STDOUT_FILENO)
      // Its index may outlive the files. A step is `insmod PATH [PARAMETER…]`, `builtin NAME` or `install COMMAND`.
      let words = steps.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
      let paths = words.filter { $0.first == "insmod" }.compactMap { $0.dropFirst().first }
      guard status == 0, paths.allSatisfy({ access($0, R_OK) == 0 }) else { return .notFound }
      // The last step is the module itself.
      if let last = words.last, last.first == "install", Self.idle.contains(last.dropFirst().joined(separator: " ")) {
        return .replaced(command: last.dropFirst().joined(separator: " "), file: configuration)
      }
      return try Sysctl("kernel.modules_disabled")?.read() == "1" && !isLoaded ? .disabled : nil
    }
  }

  /// Commands that load nothing, as modprobe.d(5) and hardening guides write them.
  private static let idle: Set<String> = [
    "/bin/false", "/usr/bin/false", "false", "/bin/true", "/usr/bin/true", "true", ":",
  ]

  /// The file of modprobe.d(5) with this module's `install` line.
  private var configuration: String? {
    for folder in ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"].map({ "\($0)/modprobe.d" }) {
      for file in names(inFolder: folder) {
        guard file.hasSuffix(".conf"), let bytes = try? contents(of: "\(folder)/\(file)") else { continue }
        let isHere = String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { line in
          let words = line.split { $0 == " " || $0 == "\t" }
          return words.count > 2 && words[0] == "install" && KernelModule(String(words[1])) == self
        }
        if isHere { return "\(folder)/\(file)" }
      }
    }
    return nil
  }
}
