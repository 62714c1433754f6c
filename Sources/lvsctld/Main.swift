import ArgumentParser
import CProcess
import Glibc
import LVSNode
import LVSSystem
import LVSText

@main
struct Main {
  static func main() {
    Heap.keepFreed()
    lvsctl_last_words_prepare()
    StandardStreams.hold()
    OwnSignals.ignoreBrokenPipes()
    // With SIGCHLD ignored nobody learns how a program has ended.
    OwnSignals.restore([SIGHUP, SIGINT, SIGTERM, SIGCHLD])
    // libcurl's TLS library would write the keys of connections, or load modules, where these say so.
    for name in ["SSLKEYLOGFILE", "OPENSSL_CONF"] { unsetenv(name) }
    do {
      let command = try LVSCtlD.parse(Self.arguments)
      try command.run()
    } catch let failure as NodeFailure {
      Log.shared.write(.error, failure.message)
      exit(ExitStatus(failure.kind).rawValue)
    } catch {
      // What the parser of arguments has to say: help and the version are results.
      let status = LVSCtlD.exitCode(for: error)
      let text = LVSCtlD.fullMessage(for: error)
      if status.isSuccess {
        _ = Standard.write(text + "\n", to: STDOUT_FILENO)
      } else {
        let line = UsageLine.message(LVSCtlD.message(for: error), from: text)
        _ = Standard.write("\(line)\n", to: STDERR_FILENO)
      }
      exit(status.rawValue)
    }
  }

  /// The command line behind the program's name.
  private static var arguments: [String] {
    var count: CInt = 0
    guard let words = lvsctl_arguments(&count), count > 1 else { return [] }
    return (1..<Int(count)).compactMap { index in words[index].map { String(cString: $0) } }
  }
}

struct LVSCtlD: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lvsctld",
    abstract: "Keep this node as the cluster file says: checks, drift, roles.",
    discussion: """
      Runs on directors, in the foreground. It applies the file, asks real servers by its checks and sets their weights, \
      and mends what something else changes. SIGHUP reads the file again; a faulty one changes nothing. Ended in any way it \
      leaves the table as it is.

      Exit status: 0 after SIGTERM or SIGINT; otherwise as lvsctl apply, where the file cannot be applied at the start.
      """,
    version: Version.text)

  @Argument(help: "The cluster file.", completion: .file())
  var file = Configuration.standardPath

  @Option(
    help: ArgumentHelp(
      "How often to look for drift that the kernel does not tell of (IPVS).", valueName: "time"),
    transform: { text throws in try WrittenTime.seconds(text, in: 0.1...86_400) })
  var interval = 5.0

  @Option(
    help: ArgumentHelp(
      "How often to announce again the VIPs that this node holds; 0 for never.", valueName: "time"),
    transform: { text throws in try WrittenTime.seconds(text, in: 0...86_400) })
  var announceInterval = 60.0

  @Option(
    help: ArgumentHelp("Write metrics to this file, for node_exporter's textfile collector.", valueName: "file"),
    completion: .file())
  var metrics: String?

  @Option(help: "This machine is the node of that name; without it the node that holds an address of this machine.")
  var node: String?

  @Flag(help: "With --node: also where this machine holds an address of another node.")
  var forceNode = false

  @Flag(help: "Take sysctls of the file outside of net.ipv4, net.ipv6, net.core and net.netfilter too.")
  var anySysctl = false

  func validate() throws {
    guard announceInterval == 0 || (1...86_400).contains(announceInterval) else {
      throw ValidationError("--announce-interval is 0, or a time from 1s to 1d.")
    }
    if metrics?.isEmpty == true { throw ValidationError("--metrics is without the name of a file.") }
  }

  func run() throws {
    var options = Daemon.Options()
    options.interval = interval
    options.announceInterval = announceInterval
    options.metricsPath = metrics
    options.node = NodeRequest(name: node, isForced: forceNode)
    let daemon = try Daemon(Configuration(path: file, allowsAnySysctl: anySysctl), options)
    try daemon.run()
  }
}
