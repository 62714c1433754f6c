import LVSModel
import LVSText

extension UnconfirmedChange {
  /// What becomes of a change that is there unconfirmed.
  public enum Fate: String, Sendable {
    /// Its apply was killed: nobody will take it back.
    case left
    /// Its apply is at work.
    case atWork = "at_work"
    /// Its apply waits for the confirmation, and takes it back without.
    case waiting
  }
}

extension UnconfirmedChange.Heading {
  /// That there is an unconfirmed change, and what to do about it.
  public func finding(_ fate: UnconfirmedChange.Fate) -> Finding {
    let message: Message =
      switch fate {
      case .left:
        """
        The change that apply --confirm-within began at \(utcText(since)) was never confirmed, and its apply has ended, \
        so nobody takes it back.
        """
      case .atWork: "An apply --confirm-within has been changing this machine since \(utcText(since))."
      case .waiting:
        "The change that apply --confirm-within began at \(utcText(since)) waits to be confirmed, or is taken back."
      }
    let help: Message? =
      switch fate {
      case .left: "lvsctl confirm keeps the change; lvsctl apply --take-back takes it back."
      case .atWork: nil
      case .waiting: "lvsctl confirm keeps the change."
      }
    return Finding(
      .unconfirmedChange, fate == .left ? .warning : .note, node: node, subject: cluster, message,
      facts: [
        Finding.Fact("since", utcText(since)), Finding.Fact("role", role), Finding.Fact("state", fate.rawValue),
        Finding.Fact("complete", isComplete ? "true" : "false"),
      ], help: help)
  }
}
