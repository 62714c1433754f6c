import Glibc
import LVSSystem

/// What a responder has open: the ports that it listens on, and the connections of its clients.
final class Conversations {
  private var listeners: [Int32: Listener] = [:]
  private var connections: [Int32: Conversation] = [:]
  private let readiness: Readiness
  private let words: Conversation.Words

  init(name: String, pageText: String?) throws(SystemError) {
    readiness = try Readiness()
    words = Conversation.Words(name: name, pageText: pageText)
  }

  deinit { closeAll() }

  /// Can be read once there is something to do.
  var news: Int32 { readiness.descriptor }

  /// Begins to listen on a port, in the network namespace that this thread is in; nothing where it does already.
  func listen(_ transport: Transport, _ port: UInt16) throws(SystemError) {
    if listeners.values.contains(where: { $0.transport == transport && $0.port == port }) { return }
    let listener = try Listener(transport, port)
    listeners[listener.descriptor] = listener
    try watch(listener.descriptor)
  }

  /// Listens on a port no more.
  func stopListening(_ transport: Transport, _ port: UInt16) {
    for (descriptor, listener) in listeners where listener.transport == transport && listener.port == port {
      close(descriptor)
      listeners[descriptor] = nil
    }
  }

  /// Does what there is to do.
  func go() {
    readiness.forEachReady { descriptor, _ in
      if let listener = listeners[descriptor] {
        if listener.transport.hasConnections {
          accept(at: listener)
        } else {
          listener.answerDatagrams { words.answer(to: $0) }
        }
      } else if connections[descriptor] != nil {
        goOn(descriptor)
      }
    }
  }

  /// Closes everything.
  func closeAll() {
    for descriptor in Array(listeners.keys) + Array(connections.keys) { close(descriptor) }
    listeners = [:]
    connections = [:]
  }

  private func watch(_ descriptor: Int32) throws(SystemError) {
    let refusal = readiness.watch(descriptor, for: .reading)
    if refusal != 0 { throw SystemError(errno: refusal, subject: "epoll") }
  }

  private func accept(at listener: Listener) {
    while let descriptor = StreamSocket.accept(listener.descriptor) {
      do throws(SystemError) {
        connections[descriptor] = Conversation()
        try watch(descriptor)
      } catch {
        end(descriptor)
      }
    }
  }

  /// Takes what has come over a connection, and says what there is to say.
  private func goOn(_ descriptor: Int32) {
    guard let bytes = try? beginning(of: descriptor, named: "a connection", atMost: 4096), !bytes.isEmpty else {
      return end(descriptor)
    }
    let reply = connections[descriptor]?.reply(to: bytes, words) ?? .end([])
    let isTaken = reply.bytes.isEmpty || StreamSocket.send(reply.bytes, to: descriptor) == 0
    if reply.isLast || !isTaken { end(descriptor) }
  }

  private func end(_ descriptor: Int32) {
    close(descriptor)
    connections[descriptor] = nil
  }
}
