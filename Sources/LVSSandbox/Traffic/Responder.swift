import LVSSystem
import Synchronization

/// Answers on a machine, with the machine's name.
///
/// Of TCP and SCTP the first bytes of a connection decide. `GET ` and `HEAD ` are answered as HTTP, with a page that is the
/// name on a line; anything else is lines, and each line LINE is answered `NAME LINE`. Of UDP a datagram TEXT is answered
/// `NAME TEXT`, from the very address that it came to.
///
/// It listens at every address of the machine, over IPv4 and IPv6.
public final class Responder: Sendable {
  /// What the thread and its user share.
  private final class Shared: Sendable {
    let conversations: Mutex<Conversations>
    /// Can be read once there is something to do.
    let news: Int32

    init(name: String, pageText: String?) throws {
      let conversations = try Conversations(name: name, pageText: pageText)
      news = conversations.news
      self.conversations = Mutex(conversations)
    }
  }

  private let machine: Namespace
  private let shared: Shared
  private let thread: StoppableThread

  /// Begins to listen; from its return on clients are answered. `pageText` is a further line of the page: health checks look
  /// for texts.
  public init(
    _ machine: Namespace, name: String, ports: [(Transport, UInt16)], pageText: String? = nil
  ) throws {
    // Both ends of many connections may be in one process.
    OpenFileLimit.raise(to: 1 << 14)
    let shared = try Shared(name: name, pageText: pageText)
    try inNamespace(machine.name) {
      try shared.conversations.withLock { for (transport, port) in ports { try $0.listen(transport, port) } }
    }
    self.machine = machine
    self.shared = shared
    thread = try StoppableThread { Self.serve(shared, until: $0) }
  }

  deinit { stop() }

  /// Ends it, and all that it has open.
  public func stop() { if thread.stop() { shared.conversations.withLock { $0.closeAll() } } }

  /// Closes a port, so that nothing listens there, or opens it again. Connections that are there stay.
  public func setListening(_ isOn: Bool, transport: Transport, port: UInt16) throws {
    try inNamespace(machine.name) {
      try shared.conversations.withLock { conversations in
        if isOn { try conversations.listen(transport, port) } else { conversations.stopListening(transport, port) }
      }
    }
  }

  private static func serve(_ shared: Shared, until stopping: Int32) {
    var events = Events(sockets: [stopping, shared.news])
    while true {
      let event = events.next(until: Deadline(after: 3600))
      if event == .readable(stopping) { return }
      if event == .readable(shared.news) { shared.conversations.withLock { $0.go() } }
    }
  }
}
