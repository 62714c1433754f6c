import Glibc
import LVSSystem
import LVSText

/// A kernel that is an ordinary program, with its modules: Debian's user-mode-linux.
public struct UserModeKernel: Hashable, Sendable {
  /// The program.
  let path: String

  /// Looks along PATH, and where the system has its programs.
  static func find() throws(GroundFailure) -> UserModeKernel {
    let folders = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin"]
    guard let program = Program.path(of: "linux.uml", orIn: folders) else {
      throw GroundFailure(
        .noGround,
        "There is no user-mode Linux, a kernel that runs as an ordinary program: install Debian's package user-mode-linux."
      )
    }
    guard let version = version(of: program) else {
      throw GroundFailure(
        .noGround,
        "\(program) does not tell its version: install Debian's package user-mode-linux, whose kernel does.")
    }
    let modules = modules(of: version)
    guard access("\(modules)/modules.dep", R_OK) == 0 else {
      throw GroundFailure(
        .noGround,
        """
        The modules of \(program) are not in \(modules), and it has no IPVS without them: install Debian's package \
        user-mode-linux, which brings both.
        """)
    }
    return UserModeKernel(path: program)
  }

  /// Where the modules of such a kernel are, by its version.
  static func modules(of version: String) -> String { "/usr/lib/uml/modules/\(version)" }

  /// What `linux.uml --version` says: the name of its folder of modules, and nothing that leads elsewhere.
  private static func version(of program: String) -> String? {
    var kernel = Program(program)
    kernel.closesOthers = true
    guard let (status, words) = try? kernel.run(["--version"], reading: STDOUT_FILENO), status == 0 else { return nil }
    let version = words.split(separator: "\n").first.map(String.init) ?? ""
    return version.isEmpty || version.contains("/") || version.hasPrefix(".") ? nil : version
  }
}
