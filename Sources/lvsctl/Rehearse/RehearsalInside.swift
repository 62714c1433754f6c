import ArgumentParser
import Glibc
import LVSApart
import LVSNode
import LVSRehearsal
import LVSSandbox
import LVSSystem
import LVSText

/// The rehearsal where it is alone: as root, with a network to itself.
struct RehearsalInside {
  private let request: RehearsalRequest
  private let options: RehearsalOptions
  private let style: Style

  init(_ request: RehearsalRequest, _ options: RehearsalOptions, file: String, color: ColorChoice, captures: String?) {
    var request = request
    request.captures = captures
    if let program = Program.ownPath {
      request.programs = DirectorPrograms(
        lvsctl: program, lvsctld: Self.lvsctld(beside: program), file: file, folder: ApartJob.folder)
    }
    self.request = request
    self.options = options
    style = Style(usesColor: Terminal.usesColor(color, stream: STDOUT_FILENO))
  }

  /// lvsctld where it was built or installed together with lvsctl.
  private static func lvsctld(beside program: String) -> String? {
    let folder = program.lastIndex(of: "/").map { program[..<$0] } ?? ""
    return ["\(folder)/lvsctld", "/usr/sbin/lvsctld", "/usr/local/sbin/lvsctld"].first { access($0, X_OK) == 0 }
  }

  func run() throws {
    let rehearsal = Rehearsal(request, tell: tell)
    let report: RehearsalReport
    do {
      report = try rehearsal.run(naming: .exact) { _, report in
        if options.keep {
          showEnd(report)
          try leaveShell()
        }
      }
    } catch {
      clearProgress()
      throw Failure(rehearsing: error)
    }
    switch options.format {
    case .json: Terminal.print(json: report.json)
    case .junit: Terminal.print(report.junit)
    case .text: if !options.keep { showEnd(report) }
    }
    if !report.passed { throw ExitCode(ExitStatus.negative.rawValue) }
  }

  // MARK: Text

  private func tell(_ event: RehearsalEvent) {
    guard options.format == .text else { return }
    switch event {
    case .built(let topology): show(topology.picture() + [TextLine()])
    case .begins(let check): if options.progress { Terminal.overwrite("\(check.rawValue) …") }
    case .ended(let result):
      clearProgress()
      show([result.line])
    }
  }

  private func clearProgress() { if options.progress { Terminal.overwrite("") } }

  private func showEnd(_ report: RehearsalReport) {
    clearProgress()
    let table = report.table
    show([TextLine()] + (table.isEmpty ? [] : table + [TextLine()]) + [report.verdict])
  }

  private func show(_ lines: [TextLine]) {
    Terminal.print { sink in for line in lines { sink.write(line.text(style) + "\n") } }
  }

  /// A shell for whoever wants to look around; its exit status is of no interest.
  private func leaveShell() throws {
    Terminal.tell(
      "The cluster stays as it is until this shell ends: ip netns, ip netns exec NODE COMMAND.\n")
    let shells = [getenv("SHELL").map { String(cString: $0) }, "/bin/bash", "/bin/sh"].compactMap(\.self)
    guard let shell = shells.first(where: { access($0, X_OK) == 0 }) else {
      throw Failure(.refused, "There is no shell: /bin/sh cannot be run.")
    }
    _ = try Program(shell).start([], input: .shared, output: .shared, errors: .shared).wait()
  }
}

extension Failure {
  /// Why a rehearsal could not come to its end.
  fileprivate init(rehearsing error: any Error) {
    if let failure = Failure(thrown: error) {
      self = failure
    } else if let reason = error as? Unbuildable {
      self.init(.invalidFile, reason.message)
    } else {
      self.init(.refused, "The rehearsal could not go on. \(error)")
    }
  }
}
