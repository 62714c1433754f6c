import ArgumentParser
import Glibc
import LVSApart
import LVSConfig
import LVSModel
import LVSNode
import LVSRehearsal
import LVSSystem
import LVSText

enum RehearsalFormat: String, CaseIterable, ExpressibleByArgument {
  case text, json, junit
}

extension CheckName: ExpressibleByArgument {}
extension GroundWish: ExpressibleByArgument {}

extension Prefix: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}

struct Rehearse: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the whole cluster of the file on a kernel of its own, with traffic, and report.",
    discussion: """
      Exit status 0: every check passed. 1: one failed. 65: the file cannot be rehearsed. 69: there is no kernel for it.

      As root on a kernel with IPVS the machines are namespaces of their own there; elsewhere they are on a user-mode Linux \
      kernel (linux.uml), which needs no privilege. Nothing of this machine's network is touched.

      Examples:
        lvsctl rehearse cluster.conf
        lvsctl rehearse cluster.conf --from /etc/lvsctl/cluster.conf
        lvsctl rehearse cluster.conf --format junit > rehearsal.xml
        lvsctl rehearse cluster.conf --only answers --only shares --keep
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var options: RehearsalOptions
  @OptionGroup var sysctlOption: SysctlOption

  @Option(
    help: ArgumentHelp(
      "Apply this file first, and the other one in its place under traffic: what is lost on the way?", valueName: "file"
    ),
    completion: .file())
  var from: String?

  @Option(help: "Where it runs: namespaces of this kernel, user-mode Linux, or what there is.")
  var kernel: GroundWish = .auto

  @Option(
    help: ArgumentHelp("Write a capture of each node to this folder, for tshark or tcpdump.", valueName: "folder"),
    completion: .directory)
  var pcap: String?

  @Option(help: "auto colours terminals only and honours NO_COLOR.")
  var color: ColorChoice = .auto

  @Flag(help: .hidden)
  var inside = false

  func validate() throws {
    if source.file == "-" && from == "-" {
      throw ValidationError("Standard input can be the file or the one before it, not both.")
    }
    if options.keep && options.format != .text {
      throw ValidationError("--keep leaves a shell, which has no use for --format \(options.format.rawValue).")
    }
  }

  func run() throws {
    if inside { return try runInside() }
    let (file, bytes) = try source.loadBytes(color, anySysctl: sysctlOption.anySysctl)
    var former: (cluster: ClusterFile, bytes: [UInt8])?
    if let from {
      let source = try FileSource.read(from)
      former = (try FileArgument.cluster(source, color, anySysctl: sysctlOption.anySysctl), source.bytes)
    }
    var request = RehearsalRequest(file)
    request.former = former?.cluster
    options.fill(&request)
    if let pcap { try requireFolder(pcap) }

    // Before a kernel is started: what cannot be built there is said at once.
    let topology: Topology
    do throws(Unbuildable) {
      topology = try Topology([file, former?.cluster].compactMap(\.self), named: options.network)
    } catch {
      throw Failure(.invalidFile, error.message)
    }
    let status = try Self.status(
      of: try job(for: topology, file: bytes, former: former?.bytes), on: kernel)
    if status != 0 { throw ExitCode(status) }
  }

  /// Where it is alone. What there is to say of the files has been said by whoever started it there.
  private func runInside() throws {
    func read(_ path: String) throws(Failure) -> ClusterFile {
      let reading = ClusterFile.read(try FileSource.read(path).bytes, allowsAnySysctl: sysctlOption.anySysctl)
      guard let file = reading.file else { throw Failure(.bug, "\(path) is not the file that was sent here.") }
      return file
    }
    var request = RehearsalRequest(try read(source.file))
    request.former = try from.map(read)
    options.fill(&request)
    try RehearsalInside(request, options, file: source.file, color: color, captures: pcap).run()
  }

  /// Captures are written as whoever runs this, into a folder of theirs.
  private func requireFolder(_ path: String) throws(Failure) {
    var status = stat()
    if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, access(path, W_OK | X_OK) == 0 { return }
    throw Failure(.noFile, "\(path) is no folder that captures can be written to. Make it first.")
  }

  // MARK: Starting itself apart from this machine

  private func job(for topology: Topology, file: [UInt8], former: [UInt8]?) throws(Failure) -> ApartJob {
    guard let program = Program.ownPath else {
      throw Failure(.refused, "The path of lvsctl is not known: is /proc mounted?")
    }
    var words = [program, "rehearse", "\(ApartJob.folder)/\(Self.fileName)", "--inside"] + options.words
    if former != nil { words += ["--from", "\(ApartJob.folder)/\(Self.formerName)"] }
    if sysctlOption.anySysctl { words.append("--any-sysctl") }
    words += ["--color", Terminal.usesColor(color, stream: STDOUT_FILENO) ? "always" : "never"]
    if pcap != nil { words += ["--pcap", ApartJob.sharedFolder] }
    if isatty(STDERR_FILENO) == 1 && options.format == .text { words.append("--progress") }
    var job = ApartJob(words, firstProcess: [program, ApartFirstProcess.word])
    job.files = [(Self.fileName, file)] + (former.map { [(Self.formerName, $0)] } ?? [])
    job.environment = Self.environment
    job.memory = 384 + 12 * topology.stations.count
    job.shared = pcap.flatMap(absolutePath)
    job.isInteractive = options.keep
    return job
  }

  private static let fileName = "cluster.conf"
  private static let formerName = "former.conf"

  /// What a shell in it may want of the caller's environment.
  private static var environment: [String] {
    ["TERM", "LANG", "LC_ALL", "HOME", "SHELL"].compactMap { (name: String) in
      getenv(name).map { "\(name)=\(String(cString: $0))" }
    }
  }

  private static func status(of job: ApartJob, on wish: GroundWish) throws(Failure) -> Int32 {
    do throws(GroundFailure) {
      return try job.run(on: Ground.choose(wish))
    } catch {
      throw Failure(error.kind == .noGround ? .noIPVS : .refused, error.message)
    }
  }
}
