import CSystem
import Glibc

/// A UDP socket that is connected to an address, its 4 or 16 bytes in network order, and a port: it waits for nothing, hears
/// that address alone, and is told of every ICMP error; or below 0 and an errno.
public func connectedDatagramSocket(to address: [UInt8], port: UInt16) -> (descriptor: Int32, refusal: Int32) {
  let isIPv4 = address.count == 4
  let type = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
  let descriptor = socket(isIPv4 ? AF_INET : AF_INET6, type, 0)
  guard descriptor >= 0 else { return (-1, errno) }
  // Without it an address that nobody has is told of to nobody: ip(7), and net/ipv4/udp.c, where not every error is hard.
  var yes: Int32 = 1
  let level = Int32(isIPv4 ? IPPROTO_IP : IPPROTO_IPV6)
  setsockopt(
    descriptor, level, isIPv4 ? IP_RECVERR : IPV6_RECVERR, &yes, socklen_t(MemoryLayout<Int32>.size))
  let code: Int32
  if isIPv4 {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = port.bigEndian
    withUnsafeMutableBytes(of: &name.sin_addr) { $0.copyBytes(from: address) }
    code = connect(descriptor, name)
  } else {
    var name = sockaddr_in6()
    name.sin6_family = sa_family_t(AF_INET6)
    name.sin6_port = port.bigEndian
    withUnsafeMutableBytes(of: &name.sin6_addr) { $0.copyBytes(from: address) }
    code = connect(descriptor, name)
  }
  if code == 0 { return (descriptor, 0) }
  close(descriptor)
  return (-1, code)
}

/// Connects a socket to a socket address, a struct of the C library; 0, or an errno.
private func connect<Address>(_ socket: Int32, _ address: Address) -> Int32 {
  withUnsafeBytes(of: address) { bytes in
    guard let name = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self) else { return EFAULT }
    return Glibc.connect(socket, name, socklen_t(bytes.count)) == 0 ? 0 : errno
  }
}

/// Sends a datagram over a socket that is connected; 0, or an errno.
public func sendDatagram(_ bytes: UnsafeRawBufferPointer, on socket: Int32) -> Int32 {
  uninterrupted { send(socket, bytes.baseAddress, bytes.count, 0) } < 0 ? errno : 0
}

/// Sends a datagram to a socket address, a struct of the C library; 0, or an errno.
public func sendDatagram<Address>(_ bytes: [UInt8], on socket: Int32, to address: Address) -> Int32 {
  withUnsafeBytes(of: address) { address in
    let name = address.baseAddress?.assumingMemoryBound(to: sockaddr.self)
    return uninterrupted { sendto(socket, bytes, bytes.count, 0, name, socklen_t(address.count)) } < 0 ? errno : 0
  }
}

/// Takes a datagram, at most so many bytes of it, and whom it comes from, a struct of the C library; no bytes and an errno
/// where there is none.
public func receiveDatagram<Address>(
  atMost longest: Int, on socket: Int32, from address: inout Address
) -> (bytes: [UInt8], refusal: Int32) {
  var refusal: Int32 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: longest) { buffer, count in
    let result = withUnsafeMutableBytes(of: &address) { address in
      uninterrupted {
        var length = socklen_t(address.count)
        return recvfrom(
          socket, buffer.baseAddress, longest, 0, address.baseAddress?.assumingMemoryBound(to: sockaddr.self), &length)
      }
    }
    refusal = result < 0 ? errno : 0
    count = max(0, result)
  }
  return (bytes, refusal)
}

/// Takes a datagram and forgets it; 0, or an errno where there is none.
public func discardDatagram(on socket: Int32) -> Int32 {
  var beginning: UInt64 = 0
  return withUnsafeMutableBytes(of: &beginning) { readNext(socket, $0) } < 0 ? errno : 0
}

/// Buffers of one size that datagrams are received into, several in one recvmmsg(2); allocated once.
public final class DatagramBuffers {
  private let size: Int
  private let slots: UnsafeMutableRawBufferPointer
  private let vectors: UnsafeMutableBufferPointer<iovec>
  private let headers: UnsafeMutableBufferPointer<csystem_mmsghdr>

  /// Allocates so many buffers of so many bytes.
  public init(count: Int, size: Int) {
    self.size = size
    slots = .allocate(byteCount: size * count, alignment: 16)
    vectors = .allocate(capacity: count)
    headers = .allocate(capacity: count)
    for slot in 0..<count {
      let part = slots[slot * size..<(slot + 1) * size]
      vectors.initializeElement(
        at: slot, to: iovec(iov_base: UnsafeMutableRawBufferPointer(rebasing: part).baseAddress, iov_len: part.count))
      var header = csystem_mmsghdr()
      header.header.msg_iov = vectors.baseAddress.map { $0 + slot }
      header.header.msg_iovlen = 1
      headers.initializeElement(at: slot, to: header)
    }
  }

  deinit {
    slots.deallocate()
    vectors.deallocate()
    headers.deallocate()
  }

  /// Waits for a datagram, and takes with it what else has arrived: how many came, and 0 or an errno.
  public func receive(on socket: Int32) -> (count: Int, refusal: Int32) {
    let count = uninterrupted {
      csystem_recvmmsg(socket, headers.baseAddress, UInt32(headers.count), Int32(CSYSTEM_MSG_WAITFORONE))
    }
    return count > 0 ? (count, 0) : (0, errno)
  }

  /// One of those that came last; nil where it was longer than its buffer.
  public subscript(index: Int) -> UnsafeRawBufferPointer? {
    if headers[index].header.msg_flags & Int32(MSG_TRUNC) != 0 { return nil }
    let start = index * size
    return UnsafeRawBufferPointer(rebasing: slots[start..<start + Int(headers[index].length)])
  }
}
