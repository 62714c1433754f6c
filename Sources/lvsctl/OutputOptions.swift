import ArgumentParser
import Glibc
import LVSConfig
import LVSModel
import LVSNode
import LVSText

enum ReportFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json
}

struct OutputOptions: ParsableArguments {
  @Option(help: "auto colours terminals only and honours NO_COLOR.")
  var color: ColorChoice = .auto

  @Flag(name: .shortAndLong, help: "Say more.")
  var verbose = false

  /// The style of stdout.
  var style: Style { Style(usesColor: Terminal.usesColor(color, stream: STDOUT_FILENO)) }
}

struct FormatOption: ParsableArguments {
  @Option(help: "How the result is written.")
  var format: ReportFormat = .text
}

extension RoleRequest: ExpressibleByArgument {
  /// A role by its word; a real server's is often written as in the file, or with a dash.
  public init?(argument: String) {
    self.init(rawValue: ["real_server", "real-server"].contains(argument) ? Self.realserver.rawValue : argument)
  }
}

struct NodeOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: "auto: the role of an earlier --role, else what the file says; file: what the file says from now on."
  )
  var role: RoleRequest = .auto

  @Option(
    help: "This machine is the node of that name; without it the node that holds an address of this machine.",
    completion: Completion.nodes)
  var node: String?

  @Flag(help: "With --node: also where this machine holds an address of another node.")
  var forceNode = false

  /// Which node this machine is to be.
  var request: NodeRequest { NodeRequest(name: node, isForced: forceNode, role: role) }
}

struct FileArgument: ParsableArguments {
  /// The file where none is named.
  static let standard = "/etc/lvsctl/cluster.conf"

  @Argument(help: "The cluster file; - is standard input.", completion: .file())
  var file = Self.standard

  /// The cluster file, read and checked; warnings go to stderr, faults end the command.
  func load(_ color: ColorChoice, anySysctl: Bool) throws(Failure) -> ClusterFile {
    try loadBytes(color, anySysctl: anySysctl).cluster
  }

  /// The cluster file with its bytes, which standard input gives only once.
  func loadBytes(
    _ color: ColorChoice, anySysctl: Bool
  ) throws(Failure) -> (cluster: ClusterFile, bytes: [UInt8]) {
    let source = try FileSource.read(file)
    return (try Self.cluster(source, color, anySysctl: anySysctl), source.bytes)
  }

  /// The cluster file at a path; `-` is standard input.
  static func load(_ path: String, _ color: ColorChoice, anySysctl: Bool) throws(Failure) -> ClusterFile {
    try cluster(try FileSource.read(path), color, anySysctl: anySysctl)
  }

  /// The cluster file in a file that was read; warnings go to stderr, faults end the command. One that `mayBeEmpty` is then
  /// a cluster without nodes: before the first file there was none.
  static func cluster(
    _ source: SourceFile, _ color: ColorChoice, anySysctl: Bool, mayBeEmpty: Bool = false
  ) throws(Failure) -> ClusterFile {
    let reading = ClusterFile.read(source.bytes, allowsAnySysctl: anySysctl)
    if mayBeEmpty && reading.diagnostics.map(\.code) == [.emptyFile] { return ClusterFile() }
    let told = source.report(reading.diagnostics, color)
    guard let cluster = reading.file else {
      var failure = Failure(
        .invalidFile, told.filter { $0.severity == .error }.map { source.line($0) }.joined(separator: "\n"))
      failure.isTold = true
      throw failure
    }
    return cluster
  }
}

struct LockOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("Wait so long for another lvsctl on this machine.", valueName: "time"), transform: Seconds.toWait
  )
  var lockTimeout = 10.0
}
