import LVSModel
import LVSText

/// `vips`, and the `vip` of a service.
extension ClusterFileReader {
  func vips(_ node: Int) -> [VIPDraft]? {
    let help: Message = "It lists options of VIPs: `- { name: …, address: …, label: … }`."
    guard let list = sequence(node, "`vips`", help: { help }) else {
      draft.lacksVIPs = true
      return nil
    }
    var vips: [VIPDraft] = []
    vips.reserveCapacity(Int(tape[list].count))
    tape.forEachElement(of: list) { element in
      guard let map = mapping(element, "an entry of `vips`", help: { help }) else {
        draft.lacksVIPs = true
        return
      }
      vips.append(vip(map))
    }
    return vips
  }

  private func vip(_ map: Int) -> VIPDraft {
    let fields = keyedNodes(of: map, VIPKey.self)
    var vip = VIPDraft()
    vip.address = required(.address, fields, help: "Give the virtual address.") {
      address($0, "address", prefixed: .listedVIP)
    }
    vip.holder = placed(.heldBy, fields) { scalar($0, "`held_by`").map { tape.string($0) } }
    vip.name = placed(.name, fields) { name($0, of: "a VIP") }
    if vip.name?.isFaulty == true || vip.name?.value == nil && fields.misspelt.contains(.name) {
      draft.lacksVIPs = true
    }
    vip.interface = placed(.interface, fields) { interface($0) }
    vip.label = placed(.label, fields) { label($0, of: vip.address?.value) }
    vip.prefixLength = placed(.prefix, fields) { prefixLength($0, of: vip.address?.value) }
    return vip
  }

  /// The prefix length of a VIP; the family of an address that is faulty is not known.
  private func prefixLength(_ node: Int, of address: IPAddress?) -> UInt8? {
    let range = KeyRange.prefix(address?.family ?? .ipv6)
    return integer(node, "prefix", in: range) {
      "Write the prefix length of the network in decimal digits; leave it out for \(range.upperBound), the address alone."
    }.map(UInt8.init)
  }

  /// An address label: at most 15 bytes, IPv4 only (IFA_LABEL).
  private func label(_ node: Int, of address: IPAddress?) -> String? {
    guard let scalar = scalar(node, "`label`") else { return nil }
    let text = tape.string(scalar)
    guard text.utf8.count <= 15 else {
      let unit = text.utf8.count == text.unicodeScalars.count ? "characters" : "bytes"
      let length = tape[scalar].count
      report(.badLabel, at: node, "The label `\(text.shortened)` has \(length) \(unit), and 15 fit.") {
        "Shorten it; a label is usually the interface, a colon and a number, as in `eth0:1`."
      }
      return nil
    }
    guard !text.isEmpty, !text.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "/") }) else {
      report(.badLabel, at: node, "A label has no blanks and no `/`, and is not empty.") {
        "A label is usually the interface, a colon and a number, as in `eth0:1`."
      }
      return nil
    }
    guard address?.family != .ipv6 else {
      report(.badLabel, at: node, "An IPv6 address has no label; the kernel keeps labels for IPv4 only.") {
        "Leave `label` out here."
      }
      return nil
    }
    return text
  }

  /// The VIPs of a service: addresses, ranges and names; which of the last two a word is, `vips` tells.
  func serviceVIPs(_ node: Int) -> [PlacedVIP]? {
    shared(\.sharedVIPs, node) { node in
      list(node, "VIPs", "address") { node in
        guard let scalar = scalar(node, "`vip`") else { return nil }
        let text = tape.string(scalar)
        return PlacedVIP(IPAddress(text).map(PlacedVIP.Word.address) ?? .word(text), at: place(of: node))
      }
    }
  }
}
