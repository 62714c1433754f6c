import LVSModel
import LVSPlan
import LVSRender
import LVSSystem
import LVSText

/// The file that node_exporter's textfile collector reads, replaced whole each time.
final class MetricsFile {
  private let file: ReportFile

  /// Throws where the path leads to a device, a pipe or a socket: whoever reads slowly there would hold everything up.
  init(_ path: String) throws(SystemError) {
    file = try ReportFile(path)
    if file.isStream {
      throw SystemError(errno: nil, subject: path, details: "--metrics takes a file, which is replaced each time")
    }
  }

  func write(_ account: KeepingAccount, _ book: CheckBook, names: [IPAddress: String]) throws(SystemError) {
    var bytes: [UInt8] = []
    withoutActuallyEscaping({ (part: UnsafeRawBufferPointer) in bytes += part }) { drain in
      var sink = TextSink(drain)
      report(account, book, names).write(to: &sink)
      sink.end()
    }
    try file.write(bytes)
  }

  private func report(_ account: KeepingAccount, _ book: CheckBook, _ names: [IPAddress: String]) -> KeepingMetrics {
    KeepingMetrics(
      cluster: account.cluster, node: account.node?.name ?? "", role: account.node?.roleWord ?? "", book: book,
      names: names, mends: account.mends, contests: account.contests, rounds: account.rounds,
      failures: account.failures, roundSeconds: account.roundSeconds, isKept: account.isKept,
      lastSuccess: account.lastSuccess, isConfigurationValid: account.isConfigurationValid,
      configurationTime: account.configurationTime, lateness: account.lateness, revision: Version.revision)
  }
}
