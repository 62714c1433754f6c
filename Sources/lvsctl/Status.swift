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
      With a file also names, and what differs from it or cannot work. Exit status 0: nothing of it, or there is no file. \
      1: something. Changes nothing and loads no module.

      With --watch a terminal is redrawn in place until q or ^C, which end it with 0; anything else gets one report after \
      the other, JSON one a line. A file whose name is a number is written ./5 after --watch.

      Examples:
        lvsctl status cluster.conf --watch --sort rate
        lvsctl status cluster.conf --server web1 --server web2
        lvsctl status --format prometheus --output /run/textfile/lvs.prom
      """)

  @Argument(help: "The cluster file; - is standard input. Without one the live table alone.", completion: .file())
  var file: String?

  @OptionGroup var nodeOptions: NodeOptions

  @Option(help: "How the result is written.")
  var format: StatusFormat = .text

  @OptionGroup var report: ReportOutput

  @Option(
    help: ArgumentHelp("Look again every so many seconds; 2 where no number follows.", valueName: "seconds"))
  var watch: WatchInterval?

  @Option(help: "What services and real servers are sorted by.")
  var sort: StatusOrder = .name

  @Option(
    help: ArgumentHelp("Only services on this VIP; may be repeated.", valueName: "address or name"),
    completion: Completion.vips)
  var vip: [String] = []

  @Option(
    help: ArgumentHelp("Only this real server; may be repeated.", valueName: "address or name"),
    completion: Completion.realServers)
  var server: [String] = []

  @OptionGroup var outputOptions: OutputOptions
  @OptionGroup var sysctlOption: SysctlOption

  func validate() throws {
    if file == nil && (nodeOptions.node != nil || nodeOptions.role != .auto) {
      throw ValidationError("--node and --role say which node of a file this machine is; name the file too.")
    }
    if watch != nil && format == .prometheus && report.output == nil {
      throw ValidationError("--watch with --format prometheus needs --output: the file is written anew each time.")
    }
  }

  func run() throws {
    let cluster = try file.map {
      try FileArgument.load($0, outputOptions.color, anySysctl: sysctlOption.anySysctl)
    }
    let source = try StatusSource(cluster, nodeOptions.request, .told)
    let view = try StatusView(vips: vip, servers: server, order: sort, names: source.session?.file)
    let sink = try StatusSink(format, report, outputOptions)
    guard let watch else {
      let status = try source.report()
      try sink.write(view.applied(to: status))
      if status.isFaulty { throw ExitCode(ExitStatus.negative.rawValue) }
      return
    }
    try StatusWatch(interval: watch, sink: sink) { try view.applied(to: source.renewed().report()) }.run()
  }
}
