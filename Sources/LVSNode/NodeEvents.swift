import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// What happens on the way of something that was asked of this node; what is to be said at its end is in its result.
public enum NodeEvent {
  /// Something to know that ends nothing: whole sentences.
  case note(Message)
  /// Something that was found and ends nothing.
  case finding(Finding)
  /// Another lvsctl has held the lock for a second, and is waited for.
  case waitsForLock
  /// The lock is held, or the wait for it is over.
  case endsWaitForLock
  /// What is going to be done, before the first step of it; also where there is nothing to do.
  indirect case planned(NodePlan)
  /// From here on an end in the middle would leave what is neither the one nor the other.
  case beginsChanging
  /// So many steps are done; told now and then.
  case stepsDone(Int)
  /// The connections that real servers have left, and for how many seconds more they are waited for.
  case draining([(Draining, UInt32)], seconds: Double)
  /// All steps are done and proved, or taken back.
  case endsChanging
  /// All is done, and taken back unless it is confirmed within so many seconds.
  case awaitsConfirmation(seconds: Double)
}

/// Who hears of what happens on the way, and may end it.
public struct NodeEvents {
  /// Told of each event, in the thread that does the work.
  public let tell: (NodeEvent) -> Void
  /// Asked between two steps, and during a wait, whether to end early.
  public let shouldStop: () -> Bool
  /// The signals that are held back and end a wait at once, where there are some by now.
  public let signals: () -> HeldSignals?

  /// Events for `tell`, and the work of one that is never ended early unless `shouldStop` says so.
  public init(
    shouldStop: @escaping () -> Bool = { false }, signals: @escaping () -> HeldSignals? = { nil },
    tell: @escaping (NodeEvent) -> Void
  ) {
    self.tell = tell
    self.shouldStop = shouldStop
    self.signals = signals
  }

  func note(_ message: Message) { tell(.note(message)) }

  func note(_ finding: Finding) { tell(.finding(finding)) }
}
