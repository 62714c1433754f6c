import Glibc

extension Namespace {
  /// IFA_PROTO of every address that has one, by `ADDRESS/PREFIX`, read from a dump of the kernel's own: Debian 12's
  /// `ip` does not show it yet.
  func addressMarks() throws -> [String: Int] {
    var marks: [String: Int] = [:]
    for message in try inNamespace(name, dumpAddresses) {
      // struct ifaddrmsg: family, prefix length, flags, scope, interface (4 bytes); then attributes.
      guard message.count >= 8 else { continue }
      let family = Int32(message[0])
      var attributes: [Int: [UInt8]] = [:]
      var rest = message[8...]
      while rest.count >= 4 {
        let bytes = Array(rest)
        let length = Int(bytes[0]) | Int(bytes[1]) << 8
        guard length >= 4, length <= bytes.count else { break }
        attributes[Int(bytes[2]) | Int(bytes[3]) << 8] = Array(bytes[4..<length])
        rest = rest.dropFirst((length + 3) & ~3)
      }
      // IFA_LOCAL is the address where there is one; IFA_ADDRESS is it for IPv6. IFA_PROTO is 11 (linux/if_addr.h).
      guard let address = attributes[2] ?? attributes[1], let mark = attributes[11]?.first else { continue }
      marks["\(text(of: address, family))/\(message[1])"] = Int(mark)
    }
    return marks
  }

  private func text(of address: [UInt8], _ family: Int32) -> String {
    var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    guard inet_ntop(family, address, &buffer, socklen_t(buffer.count)) != nil else { return "?" }
    return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// The payloads of an RTM_GETADDR dump (rtnetlink(7)), in the namespace of this thread.
private func dumpAddresses() throws -> [[UInt8]] {
  let socket = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue), 0)  // protocol 0 is NETLINK_ROUTE
  guard socket >= 0 else { throw FileFailure("netlink socket") }
  defer { close(socket) }
  // struct nlmsghdr: length 24, RTM_GETADDR 22, NLM_F_REQUEST | NLM_F_DUMP, sequence 1, port 0; an empty ifaddrmsg.
  let request: [UInt8] = [24, 0, 0, 0, 22, 0, 1, 3, 1, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
  guard send(socket, request, request.count, 0) == request.count else { throw FileFailure("netlink request") }
  var messages: [[UInt8]] = []
  var buffer = [UInt8](repeating: 0, count: 65536)
  while true {
    let count = recv(socket, &buffer, buffer.count, 0)
    guard count > 0 else { throw FileFailure("netlink reply") }
    var rest = buffer[..<count]
    while rest.count >= 16 {
      let header = Array(rest.prefix(16))
      let length = Int(header[0]) | Int(header[1]) << 8 | Int(header[2]) << 16
      guard length >= 16, length <= rest.count else { throw FileFailure("netlink reply") }
      switch header[4] {
      case 2: throw FileFailure("netlink reply")  // NLMSG_ERROR
      case 3: return messages  // NLMSG_DONE
      default: messages.append(Array(rest.prefix(length).dropFirst(16)))
      }
      rest = rest.dropFirst((length + 3) & ~3)
    }
  }
}
