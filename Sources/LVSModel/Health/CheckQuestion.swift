/// A question to one address and port. Real servers of however many services ask it once, and share the answer.
public struct CheckQuestion: Hashable, Sendable {
  /// How it is asked.
  public var means: CheckMeans
  /// The address that is asked.
  public var address: IPAddress
  /// The port that is asked; 0 for a program that is told of no port.
  public var port: UInt16
  /// Seconds within which the answer has to be there.
  public var timeout: Int
  /// Whom a program is told it asks about; nil for the other means, to whose answer it makes no difference.
  public var subject: CheckSubject?

  /// Creates a question.
  public init(means: CheckMeans, address: IPAddress, port: UInt16, timeout: Int, subject: CheckSubject? = nil) {
    self.means = means
    self.address = address
    self.port = port
    self.timeout = timeout
    self.subject = subject
  }

  /// What a check asks of a real server of a service.
  public init(_ check: Check, of subject: CheckSubject) {
    let isProgram = if case .exec = check.means { true } else { false }
    self.init(
      means: check.means, address: check.address ?? subject.realServer.address,
      port: check.port ?? subject.realServer.port, timeout: check.timeout, subject: isProgram ? subject : nil)
  }
}

extension CheckQuestion: CustomStringConvertible {
  /// `http 192.168.147.4:80`, for a reader.
  public var description: String { "\(means.word) \(address.withPort(port))" }
}

/// A real server of a service, as a program is told of it.
public struct CheckSubject: Hashable, Sendable {
  /// The real server's name in the file.
  public var name: String
  /// The service.
  public var service: ServiceID
  /// The real server in it.
  public var realServer: RealServerID

  /// Names a real server of a service.
  public init(name: String, service: ServiceID, realServer: RealServerID) {
    self.name = name
    self.service = service
    self.realServer = realServer
  }
}

/// A question, and how many answers in a row count: what a verdict is about.
public struct CheckRule: Hashable, Sendable {
  /// The question.
  public var question: CheckQuestion
  /// Failures in a row that take an up server out.
  public var fall: Int
  /// Passes in a row that bring a down server back.
  public var rise: Int

  /// Creates a rule.
  public init(_ question: CheckQuestion, fall: Int, rise: Int) {
    self.question = question
    self.fall = fall
    self.rise = rise
  }

  /// What a check asks of a real server of a service.
  public init(_ check: Check, of subject: CheckSubject) {
    self.init(CheckQuestion(check, of: subject), fall: check.fall, rise: check.rise)
  }
}
