import LVSModel
import LVSText

/// What keeps an address from being one machine's, or a VIP's, in words; nil where nothing does.
///
/// ip_vs_new_dest() refuses a real server that is not unicast, and link-local IPv6 addresses.
func unusableKind(of address: IPAddress, linkLocal: Bool) -> String? {
  if address.isUnspecified {
    "stands for no address at all"
  } else if address.isMulticast {
    "is a multicast address"
  } else if address.isLoopback {
    "is a loopback address, which every machine has"
  } else if address.family == .ipv4, address.low == 0xffff_ffff {
    "is the broadcast address"
  } else if address.family == .ipv6, address.high == 0, address.low >> 32 == 0xffff {
    "is an IPv4 address in IPv6 clothes"
  } else if address.isLinkLocal, !linkLocal {
    "is a link-local address, which the kernel takes for no real server"
  } else {
    nil
  }
}

/// Reports an address that cannot be one machine's; once for several places that are one mistake.
func reportUnusable(
  _ address: IPAddress, _ kind: String, at place: Place, as what: String, isOnce: Bool = false, _ faults: FileFaults
) {
  let message: Message = "\(address) \(kind), and cannot be the address of \(what)."
  func help() -> Message {
    if address.family == .ipv6, address.high == 0, address.low >> 32 == 0xffff {
      return "Write `\(IPAddress(ipv4: address.ipv4Bits))`."
    }
    return "Give an address by which other machines reach it."
  }
  if isOnce {
    faults.reportOnce(.unusableAddress, at: place, message, help: help)
  } else {
    faults.report(.unusableAddress, at: place, message, help: help)
  }
}

/// Reports a text in the place of an address.
func reportBadAddress(
  _ text: String, _ key: String, at place: Place, _ faults: FileFaults, prefixed: PrefixedPlace = .machine
) {
  faults.report(.badAddress, at: place, "`\(key)` is an IPv4 or IPv6 address, and \(text.quoted) is not.") {
    prefixed.help(for: text) ?? AddressAdvice.help(for: text)
  }
}
