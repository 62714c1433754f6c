import Glibc

/// Requests in the order in which the kernel shall get them, each of one message or several.
struct RequestBatch {
  var builder = MessageBuilder()
  /// How many requests there are.
  private(set) var count = 0
  /// Message → request.
  private var owners: [Int] = []

  var messageCount: Int { owners.count }

  /// Adds a request, whose messages `body` writes; a request that throws leaves nothing behind it is counted by.
  mutating func append(_ body: (inout MessageBuilder) throws(NetlinkError) -> Void) throws(NetlinkError) {
    try body(&builder)
    while owners.count < builder.offsets.count { owners.append(count) }
    count += 1
  }

  /// Adds a request that has no message, so that those behind it keep their places.
  mutating func appendNothing() { count += 1 }

  /// The last request that has a message, -1 where none has.
  var lastRequestWithMessages: Int { owners.last ?? -1 }

  func owner(of message: Int) -> Int { owners[message] }

  /// The index behind the last message of a message's request.
  func endOfRequest(containing message: Int) -> Int {
    var end = message + 1
    while end < owners.count, owners[end] == owners[message] { end += 1 }
    return end
  }

  /// The place of a message among those of its request, from 0.
  func place(of message: Int) -> Int {
    var first = message
    while first > 0, owners[first - 1] == owners[message] { first -= 1 }
    return message - first
  }
}

/// What became of each request of a batch.
public struct BatchReport: Sendable, Equatable {
  /// What became of one request.
  public enum Outcome: Sendable, Equatable {
    /// The kernel did it.
    case done
    /// The kernel refused it; of a request of several messages, so many were done before.
    case failed(NetlinkError, messagesDone: Int)
    /// It was sent and its answer was lost: it may be done or not.
    case unknown(NetlinkError)
    /// It never reached the kernel.
    case notSent
  }

  /// A refused request.
  public struct Failure: Sendable, Equatable {
    /// The request's place in the batch.
    public var index: Int
    /// How many messages of the request the kernel did before the refused one: 1 for an address that was taken away and
    /// could not be put back.
    public var messagesDone: Int
    /// Why.
    public var error: NetlinkError
  }

  /// How many requests there were.
  public var count: Int
  /// Requests below this index reached the kernel.
  public internal(set) var sent = 0
  /// Requests below this index are answered for: they are done unless they are among the failures.
  public internal(set) var answered = 0
  /// The refused requests, in order; none follows in a later send than the first that was not let pass.
  public internal(set) var failures: [Failure] = []
  /// What broke the conversation, where it broke.
  public internal(set) var interruption: NetlinkError?

  init(count: Int) { self.count = count }

  /// Whether the kernel did all of it.
  public var isComplete: Bool { answered == count && failures.isEmpty && interruption == nil }

  /// The first error in request order, or nil when all went well.
  public var firstError: NetlinkError? { failures.first?.error ?? interruption }

  /// What became of a request.
  public func outcome(of index: Int) -> Outcome {
    var low = 0
    var high = failures.count
    while low < high {
      let middle = (low + high) / 2
      if failures[middle].index < index { low = middle + 1 } else { high = middle }
    }
    return outcome(of: index, failure: low < failures.count && failures[low].index == index ? failures[low] : nil)
  }

  /// Tells what became of each request, in order, in one pass.
  public func forEachOutcome(_ body: (Int, Outcome) -> Void) {
    var refused = failures[...]
    for index in 0..<count {
      body(index, outcome(of: index, failure: refused.first?.index == index ? refused.removeFirst() : nil))
    }
  }

  private func outcome(of index: Int, failure: Failure?) -> Outcome {
    if let failure { return .failed(failure.error, messagesDone: failure.messagesDone) }
    if index < answered { return .done }
    if index < sent, let interruption { return .unknown(interruption) }
    return .notSent
  }

  mutating func note(_ reply: NetlinkReply, message: Int, of batch: RequestBatch, _ describing: (Int) -> String) {
    switch reply {
    case .failure(let code, let words):
      let index = batch.owner(of: message)
      // Of a request of several messages the first refusal tells why; those behind it follow from it.
      guard failures.last?.index != index else { return }
      failures.append(
        Failure(
          index: index, messagesDone: batch.place(of: message),
          error: NetlinkError(errno: code, kernelMessage: words, request: describing(index))))
    case .damaged: noteDamage(request: describing(batch.owner(of: message)))
    case .data, .end, .nothing: break
    }
  }

  /// Ends the conversation: an answer that cannot be read may have been anything.
  mutating func noteDamage(request: String) {
    interruption = NetlinkError(
      errno: EBADMSG, kernelMessage: "the kernel's answer is not understood", request: request)
  }
}
