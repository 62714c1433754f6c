import ArgumentParser
import Glibc
import LVSConfig
import LVSNode
import LVSText

struct Validate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the cluster file alone; needs no kernel and no privilege.",
    discussion: """
      Exit status 0: the file is valid. 65: it is not, and every fault in it is told.

      Examples:
        lvsctl validate cluster.conf
        lvsctl validate --explain port-mismatch
        lvsctl validate --explain services.persistence
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions
  @OptionGroup var sysctlOption: SysctlOption

  @Option(
    help: ArgumentHelp("Tell more about a fault's code, or a key of the file, then end.", valueName: "code-or-key"),
    completion: Completion.explained)
  var explain: String?

  func run() throws {
    if let explain { return try tellMore(of: explain) }
    let file = try FileSource.read(source.file)
    let reading = ClusterFile.read(file.bytes, allowsAnySysctl: sysctlOption.anySysctl)
    switch format.format {
    case .json: Terminal.print(json: json(reading, of: file))
    case .text: printText(reading, of: file)
    }
    if reading.file == nil { throw ExitCode(ExitStatus.invalidFile.rawValue) }
  }

  private func printText(_ reading: ClusterFileReading, of source: SourceFile) {
    source.report(reading.diagnostics, output.color)
    guard let file = reading.file else { return }
    let counts = [
      counted(file.directors.count, "director"), counted(file.realServers.count, "real server"),
      counted(file.vips.count, "VIP"), counted(file.services.count, "service"),
    ]
    Terminal.tell("\(source.name) is valid: \(counts.joined(separator: ", ")).\n")
  }

  private func json(_ reading: ClusterFileReading, of source: SourceFile) -> JSONText.Value {
    .object([
      ("format_version", .integer(1)),
      ("file", .string(source.name)),
      ("valid", .boolean(reading.file != nil)),
      ("diagnostics", .array(source.tellable(reading.diagnostics).told.map(\.diagnosticJSON))),
    ])
  }

  private func tellMore(of word: String) throws {
    guard let page = FindingCode(word).explanation ?? KeyTable.explanation(of: word) else {
      let (codes, keys) = (FindingCode.faults.map(\.rawValue).sorted(), KeyTable.entries.map(\.path))
      let meant = Suggestion.nearest(to: word, among: codes + keys).map { " Did you mean \($0)?" } ?? ""
      throw Failure(
        .usage,
        """
        There is no code and no key "\(word)".\(meant) \
        The codes are: \(codes.joined(separator: " ")). The keys are: \(keys.joined(separator: " "))
        """)
    }
    Terminal.print(page + "\n")
  }
}
