import Glibc
import LVSSystem

/// A socket that waits for clients at every address of a machine, IPv4 and IPv6, addresses that come later too.
struct Listener {
  let descriptor: Int32
  let transport: Transport
  let port: UInt16

  /// Opens it in the network namespace that this thread is in.
  init(_ transport: Transport, _ port: UInt16) throws(SystemError) {
    do throws(SystemError) {
      descriptor = try Self.open(transport, port, at: "::")
    } catch {
      // Without IPv6 there is IPv4.
      guard error.errno == EAFNOSUPPORT || error.errno == EADDRNOTAVAIL else { throw error }
      descriptor = try Self.open(transport, port, at: "0.0.0.0")
    }
    self.transport = transport
    self.port = port
  }

  private static func open(
    _ transport: Transport, _ port: UInt16, at address: String
  ) throws(SystemError) -> Int32 {
    let name = try SocketName(address, port)
    let descriptor = try transport.openSocket(name.family)
    if name.family == AF_INET6 { setOption(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
    // Of UDP two could share a port, and one of them would hear nothing.
    if transport.hasConnections { setOption(descriptor, SOL_SOCKET, SO_REUSEADDR, 1) }
    var isOpen = name.with { bind(descriptor, $0, $1) } == 0
    if isOpen { isOpen = transport.hasConnections ? listen(descriptor, 512) == 0 : tellDestinations(descriptor, name) }
    if isOpen { return descriptor }
    let refusal = errno
    close(descriptor)
    throw SystemError(errno: refusal, subject: "port \(port) of \(transport.rawValue)")
  }

  /// Has the address to which a datagram came told along with it. An IPv6 socket tells of IPv4 in the same way, by a mapped
  /// address (ip6_datagram_recv_common_ctl of net/ipv6/datagram.c).
  private static func tellDestinations(_ descriptor: Int32, _ name: SocketName) -> Bool {
    name.family == AF_INET6
      ? setOption(descriptor, Int32(IPPROTO_IPV6), IPV6_RECVPKTINFO, 1) == 0
      : setOption(descriptor, Int32(IPPROTO_IP), IP_PKTINFO, 1) == 0
  }

  /// Answers each datagram that has come, from the very address that it came to: one of many, where a VIP is among them.
  func answerDatagrams(_ answer: (ArraySlice<UInt8>) -> [UInt8]) {
    var text = [UInt8](repeating: 0, count: 2048)
    var control = [UInt8](repeating: 0, count: 64)
    while true {
      var sender = sockaddr_storage()
      guard let received = exchange(&text, &control, &sender, receiving: true) else { return }
      // The card it came by does not matter: a tunnel is none to answer through.
      forgetInterface(&control, count: received.control)
      var reply = answer(text[..<received.text])
      var place = Array(control[..<received.control])
      _ = exchange(&reply, &place, &sender, receiving: false)
    }
  }

  /// One recvmsg(2) or sendmsg(2): how many bytes there were, of the datagram and of what goes along with it; nil where it
  /// was refused.
  private func exchange(
    _ text: inout [UInt8], _ control: inout [UInt8], _ name: inout sockaddr_storage, receiving: Bool
  ) -> (text: Int, control: Int)? {
    let nameLength = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return text.withUnsafeMutableBytes { text in
      control.withUnsafeMutableBytes { control in
        withUnsafeMutableBytes(of: &name) { name in
          var part = iovec(iov_base: text.baseAddress, iov_len: text.count)
          return withUnsafeMutablePointer(to: &part) { part in
            var header = msghdr()
            header.msg_name = name.baseAddress
            header.msg_namelen = nameLength
            header.msg_iov = part
            header.msg_iovlen = 1
            header.msg_control = control.isEmpty ? nil : control.baseAddress
            header.msg_controllen = control.count
            let count = receiving ? receiveMessage(on: descriptor, &header) : sendMessage(on: descriptor, &header)
            return count < 0 ? nil : (count, Int(header.msg_controllen))
          }
        }
      }
    }
  }

  /// Takes the index of an interface out of a control message of one in_pktinfo or in6_pktinfo, behind its head of 16 bytes
  /// (cmsg(3)): the kernel finds the way by itself then.
  private func forgetInterface(_ control: inout [UInt8], count: Int) {
    let head = MemoryLayout<cmsghdr>.size
    guard count >= head + MemoryLayout<in_pktinfo>.size else { return }
    let level = control.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8, as: Int32.self) }
    let index = level == Int32(IPPROTO_IPV6) ? head + MemoryLayout<in6_addr>.size : head
    for byte in index..<min(index + 4, count) { control[byte] = 0 }
  }
}
