import LVSModel
import LVSText

/// A virtual address, or a range of them, of a service.
struct VIPRange: ListedRange {
  var lower: IPAddress
  var upper: IPAddress
  var place: Place
  /// Whether it is named by its entry in `vips`, where it has been checked.
  var isNamed = false

  var family: AddressFamily { lower.family }

  /// How many addresses there are; no more than a limit, since a range can have 2^128.
  func count(atMost limit: Int) -> Int {
    guard lower != upper else { return 1 }
    let distance = upper.number - lower.number
    return distance < UInt128(limit) ? Int(distance) + 1 : limit
  }

  func forEach(_ body: (IPAddress) -> Void) {
    guard lower != upper else { return body(lower) }
    var number = lower.number
    let last = upper.number
    while number <= last {
      body(IPAddress(number: number, family))
      // The last address of a family is no VIP, and still there must be an end.
      guard number < last else { return }
      number += 1
    }
  }
}

extension IPAddress {
  fileprivate var number: UInt128 { UInt128(high) << 64 | UInt128(low) }

  fileprivate init(number: UInt128, _ family: AddressFamily) {
    switch family {
    case .ipv4: self.init(ipv4: UInt32(truncatingIfNeeded: number))
    case .ipv6:
      self.init(ipv6High: UInt64(truncatingIfNeeded: number >> 64), low: UInt64(truncatingIfNeeded: number))
    }
  }
}

extension VIPTable {
  /// The addresses of a service, with names looked up and ranges taken apart; what is faulty or repeated is reported and
  /// left out.
  ///
  /// An address that cannot be a VIP is still known here; ``use(_:_:_:)`` tells that.
  func ranges(_ vips: [PlacedVIP], _ faults: FileFaults) -> [VIPRange] {
    var ranges: [VIPRange] = []
    ranges.reserveCapacity(vips.count)
    for vip in vips {
      switch vip.word {
      case .address(let address): ranges.append(VIPRange(lower: address, upper: address, place: vip.place))
      case .word(let word): range(word, at: vip.place, faults).map { ranges.append($0) }
      }
    }
    return apart(ranges, "address", faults) { "\($0)" }
  }

  private func range(_ text: String, at place: Place, _ faults: FileFaults) -> VIPRange? {
    if let named = names[text] {
      return named.address.map { VIPRange(lower: $0, upper: $0, place: place, isNamed: true) }
    }
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    if ends.count == 2, let lower = IPAddress(String(ends[0])) {
      return addressRange(lower, to: String(ends[1]), at: place, text, faults)
    }
    let isLikeAddress =
      text.utf8.contains(UInt8(ascii: ":"))
      || text.utf8.allSatisfy { (0x2d...0x39).contains($0) }
    guard !isLikeAddress else {
      reportBadAddress(text, "vip", at: place, faults, prefixed: .serviceVIP)
      return nil
    }
    guard !isIncomplete else { return nil }
    faults.report(.unknownName, at: place, "There is no entry in `vips` with the name `\(text.shortened)`.") {
      faults.didYouMean(text, among: nameList) ?? "Write the address, or an entry of `vips` with this name."
    }
    return nil
  }
}

/// A range from its two ends; the upper one may be the last part of an address alone.
private func addressRange(
  _ lower: IPAddress, to end: String, at place: Place, _ text: String, _ faults: FileFaults
) -> VIPRange? {
  guard let upper = IPAddress(end) ?? lower.withLastPart(end) else {
    faults.report(
      .badAddress, at: place, "The range `\(text.shortened)` does not end with an address or the last part of one."
    ) {
      lower.family == .ipv4
        ? "Write a range as in `192.168.147.110-192.168.147.119`, or short `192.168.147.110-119`."
        : "Write a range as in `2001:db8::10-2001:db8::1f`, or short `2001:db8::10-1f`."
    }
    return nil
  }
  guard upper.family == lower.family else {
    faults.report(
      .badAddress, at: place, "The range `\(text.shortened)` begins in one address family and ends in the other."
    ) {
      "Write two ranges, as a list."
    }
    return nil
  }
  guard lower <= upper else {
    faults.report(.badAddress, at: place, "The range `\(text.shortened)` ends before it begins.") {
      "Write `\(upper)-\(lower)` if that is meant."
    }
    return nil
  }
  return VIPRange(lower: lower, upper: upper, place: place)
}

extension IPAddress {
  /// The address with another last part: the last of four decimal numbers, or the last 16 bits in hexadecimal digits.
  fileprivate func withLastPart(_ text: String) -> IPAddress? {
    switch family {
    case .ipv4:
      guard case .value(let number) = DecimalNumber(ArraySlice(text.utf8)), number <= 255 else { return nil }
      return IPAddress(ipv4: ipv4Bits & ~0xff | UInt32(number))
    case .ipv6:
      guard (1...4).contains(text.utf8.count),
        text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
        let number = UInt64(text, radix: 16)
      else { return nil }
      return IPAddress(ipv6High: high, low: low & ~0xffff | number)
    }
  }
}
