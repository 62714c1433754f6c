/// The VIPs of a file: those listed in `vips` and those that services name.
struct VIPTable {
  private struct Entry {
    var vip: ClusterFile.VIP
    /// The node that mentions the address first.
    var mention: Int
  }

  private var entries: [IPAddress: Entry] = [:]
  /// The addresses that were checked, and whether each can be a VIP.
  var isUsable: [IPAddress: Bool] = [:]
  /// Whether some names could not be read.
  var isIncomplete = false
  /// Names from `vips`; nil for an entry whose address is faulty.
  var names: [String: (address: IPAddress?, node: Int)] = [:]

  /// The node that first mentions an address, if any does.
  func mention(of address: IPAddress) -> Int? { entries[address]?.mention }

  /// Adds an entry of `vips`.
  mutating func list(_ vip: ClusterFile.VIP, at node: Int) { entries[vip.address] = Entry(vip: vip, mention: node) }

  /// Notes that a service names an address.
  mutating func use(_ address: IPAddress, at node: Int, tape: YAMLTape) {
    guard var entry = entries[address] else {
      entries[address] = Entry(vip: ClusterFile.VIP(address: address), mention: node)
      return
    }
    entry.vip.isNamedByService = true
    if tape[node].start < tape[entry.mention].start { entry.mention = node }
    entries[address] = entry
  }

  /// The VIPs by the place of their first mention.
  func inFileOrder(tape: YAMLTape) -> [ClusterFile.VIP] {
    // Two services that share a VIP behind one alias have the same place; the address decides then.
    entries.values.sorted {
      (tape[$0.mention].start, $0.vip.address) < (tape[$1.mention].start, $1.vip.address)
    }.map(\.vip)
  }
}

extension ClusterFileReader {
  func readVIPs(_ top: Fields<TopKey>) {
    guard let node = top[.vips] else { return }
    let help = "It lists options of VIPs: `- { name: …, address: …, label: … }`."
    guard let list = sequence(node, "`vips`", help: { help }) else {
      vips.isIncomplete = true
      return
    }
    tape.forEachElement(of: list) { element in
      guard let map = mapping(element, "an entry of `vips`", help: { help }) else {
        vips.isIncomplete = true
        return
      }
      let fields = fields(of: map, VIPKey.self)
      let address = required(.address, in: fields, help: "Give the virtual address.").flatMap { listedAddress($0) }
      let name = fields[.name].flatMap { self.name($0, of: "a VIP") }
      if let name, let nameNode = fields[.name] {
        if let first = vips.names[name] {
          reportRepeatedName(name, at: nameNode, first: first.node, what: "VIP")
        } else {
          vips.names[name] = (address, nameNode)
        }
      }
      if name == nil, fields[.name] != nil || fields.misspelt.contains(.name) { vips.isIncomplete = true }
      let interface = fields[.interface].flatMap { self.interface($0) }
      let label = fields[.label].flatMap { self.label($0, of: address) }
      let holders: [(word: String, value: ClusterFile.VIPHolder)] = [
        ("lvsctl", .activeDirector), ("external", .external),
      ]
      let holder = fields[.heldBy].flatMap { word($0, "held_by", holders) }
      guard let address, let addressNode = fields[.address] else { return }
      vips.list(
        ClusterFile.VIP(
          name: name, address: address, interface: interface, label: label,
          holder: holder ?? .activeDirector, isNamedByService: false),
        at: addressNode)
    }
  }

  private func listedAddress(_ node: Int) -> IPAddress? {
    guard let address = address(node, "address"), checkVIP(address, at: node) else { return nil }
    if let first = vips.mention(of: address) {
      report(.repeatedVIP, at: node, "The VIP \(address) is already listed on line \(line(of: first)).") {
        "Keep one entry for each VIP."
      }
      return nil
    }
    return address
  }

  /// Whether an address can be a VIP; reported where not, at its first mention.
  func checkVIP(_ address: IPAddress, at node: Int) -> Bool {
    if let known = vips.isUsable[address] { return known }
    let isUsable = checkNewVIP(address, at: node)
    vips.isUsable[address] = isUsable
    return isUsable
  }

  private func checkNewVIP(_ address: IPAddress, at node: Int) -> Bool {
    guard checkUsable(address, at: node, as: "a VIP", linkLocal: true) else { return false }
    guard let owner = names.directorAddresses[address] ?? names.realServerAddresses[address] else { return true }
    report(
      .vipIsRealAddress, at: node, "\(address) is the address of the machine on line \(line(of: owner)), and no VIP."
    ) {
      "Take a free address of the network as VIP: it moves between directors, and a machine's own address does not."
    }
    return false
  }

  /// An address label: at most 15 bytes, IPv4 only (IFA_LABEL).
  private func label(_ node: Int, of address: IPAddress?) -> String? {
    guard let scalar = scalar(node, "`label`") else { return nil }
    let text = tape.string(scalar)
    guard text.utf8.count <= 15 else {
      let unit = text.utf8.count == text.unicodeScalars.count ? "characters" : "bytes"
      report(.badLabel, at: node, "The label `\(text.shortened)` has \(text.utf8.count) \(unit), and 15 fit.") {
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
}
