import LVSModel

/// A question that is asked again and again.
final class Enquiry {
  /// What is asked.
  let question: CheckQuestion
  /// When.
  var rhythm: Rhythm
  /// While it waits, when it is due; while it is asked, when that is given up.
  var time: Double = 0
  /// Where it is in the queue that it is in; below 0 in none.
  var place = -1
  /// How it is being asked; nil while it is not.
  var flight: Flight?
  /// When it was asked, on the clock on which the answer is waited for.
  var begin: Double = 0
  /// The program of an answer that was given up, until it has ended.
  var lingering: ProgramRun?

  init(_ question: CheckQuestion, _ rhythm: Rhythm) {
    self.question = question
    self.rhythm = rhythm
  }
}

/// What is under way for a question.
enum Flight {
  case transfer(Transfer)
  case datagram(DatagramExchange)
  case program(ProgramRun)
}

/// What has come of a question, or why nothing has.
enum Ending: Equatable {
  case outcome(CheckOutcome)
  /// It says nothing of the server.
  case trouble(Trouble)
}
