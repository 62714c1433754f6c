import ArgumentParser
import Glibc
import LVSConfig
import LVSNode
import LVSPlan
import LVSSystem

enum StatusFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, prometheus
}

extension StatusOrder: ExpressibleByArgument {}

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show the live cluster: services, real servers, connections, rates, drift.",
    discussion: """
      Names are those of the file, and what differs from it or cannot work is told. Exit status 0: nothing of it. 1: \
      something. Changes nothing and loads no module. --live shows the table alone, without a file, and ends with 0.

      With --watch a terminal is redrawn in place, what is wrong first: arrows scroll, Enter shows the real servers of a \
      service, s sorts, / filters, d shows the drift, t has a row a real server, q or ^C end it with 0. Anything else gets \
      one report after the other, JSON one a line. A file whose name is a time is written ./5 after --watch.

      Examples:
        lvsctl status cluster.conf --watch --sort rate
        lvsctl status cluster.conf --server web1 --server web2
        lvsctl status --format prometheus --output /run/textfile/lvs.prom
      """)

  @Argument(
    help: ArgumentHelp("The cluster file; - is standard input. (default: \(FileArgument.standard))"),
    completion: .file())
  var file: String?

  @Flag(help: "The live table alone, without a cluster file.")
  var live = false

  @OptionGroup var nodeOptions: NodeOptions

  @Option(help: "How the result is written.")
  var format: StatusFormat = .text

  @OptionGroup var report: ReportOutput

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Look again so often; every 2 seconds where no time follows.", valueName: "time"),
    transform: WatchInterval.init(written:))
  var watch: WatchInterval?

  @Option(help: "What services and real servers are sorted by. (default: name; state on a screen that is watched)")
  var sort: StatusOrder?

  @Option(
    help: ArgumentHelp("Only services on this VIP; may be repeated.", valueName: "address or name"),
    completion: Completion.vips)
  var vip: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Only this real server; may be repeated.", valueName: "address or name"),
    completion: Completion.realServers)
  var server: [String] = []

  @OptionGroup var outputOptions: OutputOptions
  @OptionGroup var sysctlOption: SysctlOption

  func validate() throws {
    if live && file != nil {
      throw ValidationError("--live shows the table without a cluster file; leave out one of the two.")
    }
    if live && (nodeOptions.node != nil || nodeOptions.role != .auto) {
      throw ValidationError("--node and --role say which node of a file this machine is; --live looks at none.")
    }
    if watch != nil && format == .prometheus && report.output == nil {
      throw ValidationError("--watch with --format prometheus needs --output: the file is written anew each time.")
    }
  }

  func run() throws {
    let cluster = live ? nil : try loaded()
    let source = try StatusSource(cluster, nodeOptions.request, .told)
    let view = try StatusView(vips: vip, servers: server, order: sort ?? .name, names: source.session?.file)
    let sink = try StatusSink(format, report, outputOptions)
    let isText = format == .text
    guard let watch else {
      let status = try source.report()
      try sink.write(view.applied(to: status, inPlace: isText))
      if status.isFaulty { throw ExitCode(ExitStatus.negative.rawValue) }
      return
    }
    try StatusWatch(interval: watch, sink: sink, order: sort) {
      try view.applied(to: source.renewed().report(), inPlace: isText)
    }.run()
  }

  private func loaded() throws(Failure) -> ClusterFile {
    do {
      return try FileArgument.load(
        file ?? FileArgument.standard, outputOptions.color, anySysctl: sysctlOption.anySysctl)
    } catch {
      guard file == nil && error.status == .noFile else { throw error }
      throw Failure(.noFile, "\(error.message) The live table alone, without a cluster file: lvsctl status --live.")
    }
  }
}
