import CNetlink
import LVSModel

extension MessageBuilder {
  /// Writes the request that looks up one route, as `ip route get` does.
  ///
  /// With NETLINK_GET_STRICT_CHK every field but the lengths has to be 0 (inet_rtm_valid_getroute_req).
  mutating func routeQuestion(_ question: RouteQuestion) {
    let family = question.destination.family
    message(type: RTM_GETROUTE) { message in
      message.append(UInt8(truncatingIfNeeded: family.number))
      message.append(family.hostPrefixLength)
      message.append(question.source == nil ? UInt8(0) : family.hostPrefixLength)
      // struct rtmsg: tos, table, protocol, scope, type, flags.
      message.append(UInt8(0))
      message.append(UInt64(0))
      message.attribute(Int(RTA_DST.rawValue), question.destination)
      if let source = question.source { message.attribute(Int(RTA_SRC.rawValue), source) }
    }
  }
}
