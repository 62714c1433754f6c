import LVSKernel
import LVSModel
import LVSText

extension RunEnd {
  /// The failure that it is, in words.
  public var failure: NodeFailure {
    switch self {
    case .refused(let error):
      // Without the module there is no IPVS to refuse anything.
      let isAboutIPVS = error.progress.failure?.change.subject == .module("ip_vs")
      return NodeFailure(
        isAboutIPVS ? .noIPVS : .refused, Self.text(error), errno: error.progress.failure?.number)
    case .notConverged(let error): return NodeFailure(.refused, Self.text(error))
    case .brokenOff(let error):
      let reason = NodeFailure(describing: error.reason)
      return NodeFailure(.refused, Self.text(error, reason), errno: reason.errno)
    case .unconfirmed(let reason, _, let takenBack):
      let lines = takenBack.map(Self.lines) ?? ["Nothing had been changed."]
      return NodeFailure(isTakenBack ? .negative : .refused, ([reason] + lines).joined(separator: "\n"))
    case .notTakenBack(let takenBack):
      return NodeFailure(
        .refused, Self.lines(takenBack).joined(separator: "\n"), errno: takenBack.failures.first?.number)
    case .other(let error): return NodeFailure(describing: error)
    }
  }

  private static func text(_ error: ApplyError) -> Message {
    var lines: [Message] = []
    let done = error.progress.done
    if let failure = error.progress.failure {
      lines.append("The kernel refused a step: \(words(failure.change)): \(failure.message).")
      if let remedy = failure.remedy {
        lines.append(remedy)
      } else if error.hasEncounters {
        lines += meetings(error.encounters)
      }
    } else {
      lines.append("Ended on request after \(done.count) of \(error.planned) steps.")
    }
    if done.isEmpty && error.progress.uncertain.isEmpty {
      lines.append("No step was done before it; nothing was changed.")
    } else {
      lines.append("Done of the plan's \(counted(error.planned, "step")): \(done.count).")
      lines += listed(done)
    }
    if !error.progress.uncertain.isEmpty {
      lines.append("Sent without an answer, so done or not:")
      lines += listed(error.progress.uncertain)
    }
    if let takenBack = error.takenBack {
      lines += Self.lines(takenBack)
    } else if !done.isEmpty || !error.progress.uncertain.isEmpty {
      lines.append("They were left in place.")
    }
    return lines.joined(separator: "\n")
  }

  private static func text(_ error: NotConverged) -> Message {
    let steps = error.rest.changes.map { change -> Message in
      let fields = change.fields
      return "  \(change.kind) \(change.id): wanted \(side(fields.after)), found \(side(fields.before))"
    }
    var lines: [Message] = ["The kernel accepted every step, and yet it does not hold what the file says:"]
    lines += shortened(steps) + meetings(error.encounters)
    lines.append("Run lvsctl diff to see the state now.")
    return lines.joined(separator: "\n")
  }

  private static func text(_ error: BrokenOff, _ reason: NodeFailure) -> Message {
    var lines: [Message] = [
      reason.message,
      "That was after \(error.done.count) of the plan's \(counted(error.planned, "step")) had been done.",
    ]
    if let takenBack = error.takenBack {
      lines += Self.lines(takenBack)
    } else {
      lines.append("They were left in place, unproven. Run lvsctl diff to see the state now.")
    }
    return lines.joined(separator: "\n")
  }

  /// That another program is at work, with what of its work was met.
  private static func meetings(_ encounters: [StepRefusal]) -> [Message] {
    let sentence: Message =
      "Another program may be changing the same things: end it, or run lvsctl again when it is done."
    if encounters.isEmpty { return [sentence] }
    return [sentence, "Met before, each time planned anew from what was there:"]
      + shortened(encounters.map { "  \(words($0.change)): \($0.message)" })
  }

  /// What became of an undo, step by step where it went wrong.
  private static func lines(_ takenBack: TakenBack) -> [Message] {
    var lines: [Message] = []
    if !takenBack.failures.isEmpty {
      lines.append("Taking the steps back, the kernel refused \(counted(takenBack.failures.count, "step")):")
      lines += shortened(takenBack.failures.map { "  \(words($0.change)): \($0.message)" })
    }
    if let unread = takenBack.unread {
      lines.append("Whether all of it was taken back is not known, because the kernel could not be read: \(unread)")
      lines.append("Run lvsctl diff to see the state now.")
    } else if takenBack.remains.isEmpty {
      lines.append("All of it was taken back: the kernel holds what it held before.")
    } else {
      lines.append("Not as it was before:")
      lines += shortened(takenBack.remains.map { "  \($0)" })
    }
    return lines
  }

  private static func side(_ fields: [Field]?) -> Message {
    guard let fields else { return "nothing" }
    let words = fields.map { field -> Message in "\(field.name) \(field.value.text)" }
    return words.isEmpty ? "it there" : words.joined(separator: ", ")
  }

  private static func words(_ change: Change) -> Message { "\(change.action.rawValue) \(change.kind) \(change.id)" }

  private static func listed(_ changes: [Change]) -> [Message] { shortened(changes.map { "  \(words($0))" }) }

  /// A list that leaves the sentence after it on the screen.
  private static func shortened(_ lines: [Message]) -> [Message] {
    lines.count <= 40 ? lines : lines.prefix(40) + ["  and \(lines.count - 40) more"]
  }
}

extension StepRefusal {
  /// The errno of the refusal; nil where there is none.
  fileprivate var number: Int32? { errno == 0 ? nil : errno }
}
