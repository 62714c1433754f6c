import ArgumentParser
import LVSCore

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what apply would change on this node; changes nothing.",
    discussion: """
      Exit status 0: nothing differs. 1: something does.

      Example: lvsctl diff cluster.conf
      """)

  @OptionGroup var source: FileArgument
  @OptionGroup var nodeOptions: NodeOptions
  @OptionGroup var format: FormatOption
  @OptionGroup var output: OutputOptions

  @Flag(help: "Also remove services whose VIP or fwmark the file does not name.")
  var prune = false

  func run() throws {
    let file = try source.load(output.color)
    let session = try NodeSession(file, nodeOptions)
    try session.requireIPVS()
    let plan = try session.plan(from: session.observe(), prune: prune)
    Terminal.print(PlanReport.text(session.report(plan), format.format, output))
    if output.verbose { for note in try session.notes() { Terminal.report(note) } }
    if !plan.isEmpty { throw ExitCode(ExitStatus.negative.rawValue) }
  }
}

/// A plan in the format that was asked for.
enum PlanReport {
  static func text(_ plan: NodePlan, _ format: ReportFormat, _ output: OutputOptions) -> String {
    switch format {
    case .text: plan.text(output.style)
    case .json: JSONText.pretty(plan.json) + "\n"
    }
  }
}
