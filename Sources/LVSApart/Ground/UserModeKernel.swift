import Glibc
import LVSSystem
import LVSText

/// A kernel that is an ordinary program, with its modules: Debian's user-mode-linux.
struct UserModeKernel: Sendable {
  /// The program.
  var path: String
  /// Where its modules are.
  var modules: String

  /// Looks along PATH, and where the system has its programs.
  static func find() throws(GroundFailure) -> UserModeKernel {
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let folders = path.split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    let places = (folders + ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin"]).map { "\($0)/linux.uml" }
    guard let program = places.first(where: { access($0, X_OK) == 0 }) else {
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
    let modules = "/usr/lib/uml/modules/\(version)"
    guard access("\(modules)/modules.dep", R_OK) == 0 else {
      throw GroundFailure(
        .noGround,
        """
        The modules of \(program) are not in \(modules), and it has no IPVS without them: install Debian's package \
        user-mode-linux, which brings both.
        """)
    }
    return UserModeKernel(path: program, modules: modules)
  }

  /// What `linux.uml --version` says: the name of its folder of modules, and nothing that leads elsewhere.
  private static func version(of program: String) -> String? {
    var kernel = Program(program)
    kernel.closesOthers = true
    guard let (status, words) = try? kernel.run(["--version"], reading: STDOUT_FILENO), status == 0 else { return nil }
    let version = words.split(separator: "\n").first.map(String.init) ?? ""
    return version.isEmpty || version.contains("/") || version.hasPrefix(".") ? nil : version
  }
}
