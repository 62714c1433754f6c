import Glibc
import LVSModel
import LVSSystem

/// A datagram that was sent, and the socket on which its answer comes.
final class DatagramExchange {
  /// The socket, until the exchange is closed.
  let descriptor: Int32
  private let check: UDPCheck

  /// The longest datagram that UDP has, in bytes.
  static let longest = 64 << 10

  private init(_ descriptor: Int32, _ check: UDPCheck) {
    self.descriptor = descriptor
    self.check = check
  }

  /// Sends it; what has come of it where nothing can be waited for.
  static func begin(_ check: UDPCheck, _ question: CheckQuestion) -> (exchange: DatagramExchange?, ending: Ending?) {
    let (descriptor, refusal) = connectedDatagramSocket(to: question.address.networkBytes, port: question.port)
    if descriptor < 0 { return (nil, ending(refusal)) }
    var text = check.send ?? ""
    let sent = text.withUTF8 { sendDatagram(UnsafeRawBufferPointer($0), on: descriptor) }
    if sent == 0 { return (DatagramExchange(descriptor, check), nil) }
    close(descriptor)
    return (nil, ending(sent))
  }

  /// What has come of it, once its socket is ready; nil where nothing has.
  func receive(_ buffers: DatagramBuffers) -> Ending? {
    let (_, refusal) = buffers.receive(on: descriptor)
    if refusal == EAGAIN { return nil }
    if refusal != 0 { return Self.ending(refusal) }
    guard let text = check.expect else { return .outcome(.passed) }
    var search = TextSearch(for: text)
    if let bytes = buffers[0], search.hear(bytes) { return .outcome(.passed) }
    return .outcome(.failed("unexpected answer"))
  }

  /// What comes of it when the time is up.
  var timeout: Ending { .outcome(check.needsAnswer ? .failed("no answer") : .passed) }

  /// Closes the socket.
  func end() { close(descriptor) }

  private static func ending(_ number: Int32) -> Ending {
    Trouble.isOwn(number)
      ? .trouble(Trouble(errno: number, subject: "a UDP socket")) : .outcome(.failed(Reason.refusal(number)))
  }
}
