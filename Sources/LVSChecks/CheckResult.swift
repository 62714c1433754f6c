import LVSModel

/// An answer to a question that was asked once.
public struct CheckResult: Equatable, Sendable {
  /// The question.
  public var question: CheckQuestion
  /// What came of it.
  public var outcome: CheckOutcome
  /// The seconds from the question to the answer.
  public var seconds: Double

  /// Creates a result.
  public init(_ question: CheckQuestion, _ outcome: CheckOutcome, seconds: Double) {
    self.question = question
    self.outcome = outcome
    self.seconds = seconds
  }
}
