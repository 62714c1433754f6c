import LVSChecks
import LVSModel
import LVSSystem

/// A checker on a machine, where one is named: it asks in that machine's namespace.
final class Asking {
  let checker: Checker
  private let namespace: Namespace?
  /// What has been answered so far, in order.
  private(set) var results: [CheckResult] = []
  /// What kept questions from being asked.
  private(set) var troubles: [SystemError] = []

  init(at namespace: Namespace?, limit: Int = Checker.standardLimit) throws {
    checker = try Checker(limit: limit, seed: 1)
    self.namespace = namespace
  }

  /// Waits for what comes until `condition` holds.
  func go(_ what: String, until condition: () throws -> Bool) throws {
    try inNamespace(namespace?.name) {
      try eventually(what) {
        let wakening = checker.wait(for: [], until: Deadline(after: 0.05))
        results += wakening.results
        troubles += wakening.troubles
        return try condition()
      }
    }
  }

  /// The outcome of a question that is asked alone, the first time.
  func outcome(of question: CheckQuestion) throws -> CheckOutcome {
    let before = results.count
    checker.ask([question: 1])
    try go("\(question) is answered") { results.count > before }
    checker.ask([:])
    return results[before].outcome
  }
}

extension Namespace {
  /// What a question from this machine comes to.
  func outcome(
    _ means: CheckMeans, _ address: String, _ port: UInt16, timeout: Int = 10, subject: CheckSubject? = nil
  ) throws -> CheckOutcome {
    try Asking(at: self).outcome(of: try .of(means, address, port, timeout: timeout, subject: subject))
  }
}

extension CheckQuestion {
  /// A question to an address that is one.
  static func of(
    _ means: CheckMeans, _ address: String, _ port: UInt16, timeout: Int = 10, subject: CheckSubject? = nil
  ) throws -> CheckQuestion {
    guard let address = IPAddress(address) else { throw CommandFailure(description: "\(address) is no address") }
    return CheckQuestion(means: means, address: address, port: port, timeout: timeout, subject: subject)
  }
}
