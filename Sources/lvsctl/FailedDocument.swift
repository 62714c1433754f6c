import LVSNode
import LVSPlan
import LVSRender

/// Does what ends with a document, where one is wanted also where it fails: one with what is known by then, and why it
/// ended.
func endingWithDocument(_ isWanted: Bool, _ body: () throws -> Void) throws {
  do {
    try body()
  } catch {
    if isWanted, let account = account(of: error) { Terminal.print(json: account.json) }
    throw error
  }
}

/// What is known of what a command did not do; nil for an end that is none of trouble.
private func account(of error: any Error) -> UnfinishedRun? {
  if let failure = error as? RunFailure { return failure.account }
  guard let failure = Failure(thrown: error) else { return nil }
  var account = UnfinishedRun(message: failure.message)
  account.errno = (error as? NodeFailure)?.errno
  return account
}
