import LVSNode
import LVSPlan
import LVSRender

extension ReportFormat {
  /// Does what ends with a document, also where it fails: one with what is known by then, and why it ended.
  func endingWithDocument(_ body: () throws -> Void) throws {
    do {
      try body()
    } catch {
      if self == .json, let account = Self.account(of: error) { Terminal.print(json: account.json) }
      throw error
    }
  }

  private static func account(of error: any Error) -> UnfinishedRun? {
    if let failure = error as? RunFailure { return failure.account }
    return Failure(thrown: error).map { UnfinishedRun(message: $0.message) }
  }
}
