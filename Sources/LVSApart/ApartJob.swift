/// A program that is run as root on a kernel with IPVS, apart from this machine.
///
/// Inside it finds this machine's own files, and a network, processes and folders for what runs (/run, /tmp) of its own; what
/// it does there is gone with it. Its stdout and stderr are this process's.
public struct ApartJob: Sendable {
  /// The program's path, from the root, and its words; those that are paths from the root lead to the same files inside.
  public var program: [String]
  /// The path of the program that is process 1 inside, from the root, and its words: lvsctl and its hidden subcommand,
  /// which gives what stands behind them to ``FirstProcess/run(_:)``. It also guards what runs outside.
  public var firstProcess: [String]
  /// What the program finds below ``folder``, by plain names.
  public var files: [(name: String, bytes: [UInt8])] = []
  /// The program's environment, `NAME=VALUE` each; PATH, TMPDIR and LVSCTL_STATE_DIR are set for it.
  public var environment: [String] = []
  /// The memory that it may need, in MiB: that of a kernel of its own.
  public var memory = 512
  /// A folder of the caller's that is seen, writable, at ``sharedFolder``.
  public var shared: String?
  /// Whether it is a shell, or the like: it has a terminal of its own, which this process's stands for.
  public var isInteractive = false
  /// How many seconds it may take from its start to its end; nil for as long as it likes.
  public var limit: Double?

  /// Where the program is when it starts, with its files.
  public static let folder = "/run/apart"
  /// Where it sees the shared folder.
  public static let sharedFolder = "/run/apart/shared"
  /// Where lvsctl keeps its own files inside.
  static let stateFolder = "/run/apart/state"

  /// A job of a program and its words; `firstProcess` is the same in all jobs of one lvsctl.
  public init(_ program: [String], firstProcess: [String]) {
    self.program = program
    self.firstProcess = firstProcess
  }
}
