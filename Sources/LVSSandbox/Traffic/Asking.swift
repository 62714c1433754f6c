import Glibc
import LVSSystem

/// Asks a question so many times, each time over a connection of its own, or from a UDP port of its own; the answers, in the
/// order in which the questions began.
///
/// Up to `abreast` questions are under way at a time. With `holding` all connections stay open until the last was answered,
/// so that schedulers which look at open connections see them; otherwise each ends with its answer. A question without an
/// answer is given up after `limit` seconds, times ``Waiting/patience``.
///
/// An address that the machine cannot ask from, and a protocol that its kernel has not, are an error.
public func ask(
  _ machine: Namespace, _ question: Question, count: Int, holding: Bool = false, abreast: Int = 1, limit: Double = 1.5
) throws -> [Answer] {
  if holding { OpenFileLimit.raise(to: 1 << 14) }
  return try inNamespace(machine.name) {
    var asking = try Asking(question, count: count, holding: holding, limit: limit * Double(Waiting.patience))
    defer { asking.end() }
    try asking.run(abreast: max(1, abreast))
    return asking.answers
  }
}

/// Questions of a client, some of them under way.
private struct Asking {
  /// One that is under way.
  struct Flight {
    let number: Int
    let descriptor: Int32
    let deadline: Deadline
    /// Whether the connection is there, or is none.
    var isOpen: Bool
    var heard: [UInt8] = []
  }

  private(set) var answers: [Answer]
  private let question: Question
  private let target: SocketName
  private let sources: [SocketName]
  private let holding: Bool
  private let limit: Double
  private var flights: [Flight] = []
  private var held: [Int32] = []

  init(_ question: Question, count: Int, holding: Bool, limit: Double) throws(SystemError) {
    self.question = question
    self.holding = holding
    self.limit = limit
    target = try SocketName(question.address, question.port)
    var sources: [SocketName] = []
    for source in question.sources { sources.append(try SocketName(source, 0)) }
    self.sources = sources
    answers = Array(repeating: .silent, count: max(0, count))
  }

  /// Asks until each question has its answer.
  mutating func run(abreast: Int) throws(SystemError) {
    var next = 0
    while next < answers.count || !flights.isEmpty {
      while next < answers.count && flights.count < abreast {
        try begin(next)
        next += 1
      }
      goOn()
    }
  }

  /// Closes what is open.
  mutating func end() {
    for descriptor in flights.map(\.descriptor) + held { close(descriptor) }
    (flights, held) = ([], [])
  }

  private static func text(_ number: Int) -> String { "ask \(number + 1)" }

  private mutating func begin(_ number: Int) throws(SystemError) {
    let descriptor = try question.transport.openSocket(target.family)
    do throws(SystemError) {
      try prepare(descriptor, number)
    } catch {
      close(descriptor)
      throw error
    }
    let deadline = Deadline(after: limit)
    let refusal = target.with { connect(descriptor, $0, $1) } == 0 ? 0 : errno
    guard refusal == 0 || refusal == EINPROGRESS else {
      close(descriptor)
      answers[number] = .refused(refusal)
      return
    }
    let flight = Flight(number: number, descriptor: descriptor, deadline: deadline, isOpen: refusal == 0)
    let answer = flight.isOpen ? say(flight) : nil
    if let answer { land(flight, answer) } else { flights.append(flight) }
  }

  private func prepare(_ descriptor: Int32, _ number: Int) throws(SystemError) {
    if !question.transport.hasConnections {
      // Without it an address that nobody has is told of to nobody (ip(7), IP_RECVERR).
      let isIPv4 = target.family == AF_INET
      let (level, option) = isIPv4 ? (IPPROTO_IP, IP_RECVERR) : (IPPROTO_IPV6, IPV6_RECVERR)
      setOption(descriptor, Int32(level), option, 1)
    }
    if sources.isEmpty { return }
    // A port is taken by connect(2) then, which may share it with connections to elsewhere (ip(7)).
    if question.transport == .tcp { setOption(descriptor, Int32(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, 1) }
    let turn = number % sources.count
    if sources[turn].with({ bind(descriptor, $0, $1) }) != 0 {
      throw SystemError(errno: errno, subject: "asking from \(question.sources[turn])")
    }
  }

  /// Says the question; what comes of it already, which is a refusal.
  private func say(_ flight: Flight) -> Answer? {
    let end = question.transport.hasConnections ? "\n" : ""
    let refusal = StreamSocket.send(Array((Self.text(flight.number) + end).utf8), to: flight.descriptor)
    return refusal == 0 ? nil : .refused(refusal)
  }

  /// Waits for something to come of the questions that are under way, or for the time of one of them to be over.
  private mutating func goOn() {
    guard let first = flights.map(\.deadline.time).min() else { return }
    let ready = Descriptors.wait(
      reading: flights.filter(\.isOpen).map(\.descriptor), writing: flights.filter { !$0.isOpen }.map(\.descriptor),
      until: Deadline(at: first))
    let under = flights
    flights = []
    for var flight in under {
      let isReady = (flight.isOpen ? ready.reading : ready.writing).contains(flight.descriptor)
      let answer = isReady ? news(&flight) : nil
      if let answer {
        land(flight, answer)
      } else if flight.deadline.isOver {
        land(flight, .silent)
      } else {
        flights.append(flight)
      }
    }
  }

  /// What has come of a question; nil where nothing has in the end.
  private func news(_ flight: inout Flight) -> Answer? {
    if flight.isOpen { return hear(&flight) }
    var refusal: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(flight.descriptor, SOL_SOCKET, SO_ERROR, &refusal, &length)
    if refusal != 0 { return .refused(refusal) }
    flight.isOpen = true
    return say(flight)
  }

  private func hear(_ flight: inout Flight) -> Answer? {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try beginning(of: flight.descriptor, named: "an answer", atMost: 2048)
    } catch {
      return error.errno == EAGAIN ? nil : .refused(error.errno ?? EIO)
    }
    let isDatagram = !question.transport.hasConnections
    if bytes.isEmpty && !isDatagram { return .refused(ENODATA) }
    flight.heard += bytes
    guard isDatagram || flight.heard.last == UInt8(ascii: "\n") else { return nil }
    let text = String(decoding: flight.heard, as: UTF8.self).trimmed
    // Whoever answers in another way is told of as he calls himself.
    let end = " " + Self.text(flight.number)
    return .from(text.hasSuffix(end) ? String(text.dropLast(end.count)) : text)
  }

  private mutating func land(_ flight: Flight, _ answer: Answer) {
    answers[flight.number] = answer
    if holding, case .from = answer { held.append(flight.descriptor) } else { close(flight.descriptor) }
  }
}
