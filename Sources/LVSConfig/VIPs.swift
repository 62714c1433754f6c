import LVSModel

/// The VIPs of a file: those listed in `vips` and those that services name.
struct VIPTable {
  private struct Entry {
    var vip: ClusterFile.VIP
    /// The node that mentions the address first.
    var mention: Int
  }

  private var entries: [IPAddress: Entry] = [:]
  /// The addresses that cannot be VIPs, and where that was told.
  fileprivate var faulty: [IPAddress: Int] = [:]
  /// The addresses that another program holds on directors, or may hold, where `held_by` is faulty.
  fileprivate var external: Set<IPAddress> = []
  /// Whether some names could not be read.
  var isIncomplete = false
  /// Names from `vips`; nil for an entry whose address is faulty.
  var names: [String: (address: IPAddress?, node: Int)] = [:]
  /// The same names in file order.
  var nameList: [String] = []

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
      let address = required(.address, in: fields, help: "Give the virtual address.").flatMap {
        self.address($0, "address")
      }
      let holder = fields[.heldBy].map { Read(node: $0, value: vipHolder($0)) }
      let isNew = address.map { checkListed($0, at: fields[.address] ?? map, holder) } ?? false
      let name = fields[.name].flatMap { self.name($0, of: "a VIP") }
      if let name, let nameNode = fields[.name] {
        if let first = vips.names[name] {
          reportRepeatedName(name, at: nameNode, first: first.node, what: "VIP")
        } else {
          vips.names[name] = (address, nameNode)
          vips.nameList.append(name)
        }
      }
      if name == nil, fields[.name] != nil || fields.misspelt.contains(.name) { vips.isIncomplete = true }
      let interface = fields[.interface].flatMap { self.interface($0) }
      let label = fields[.label].flatMap { self.label($0, of: address) }
      let isUnlabelled = fields.none(.label) != nil && address?.family == .ipv4
      let prefixLength = fields[.prefix].flatMap { self.prefixLength($0, of: address) }
      guard isNew, let address, let addressNode = fields[.address] else { return }
      vips.list(
        ClusterFile.VIP(
          name: name, address: address, interface: interface, label: isUnlabelled ? "" : label,
          prefixLength: prefixLength, holder: holder?.value ?? .activeDirector, isNamedByService: false),
        at: addressNode)
    }
  }

  /// Whether an entry of `vips` is the first for its address; what is wrong with the address is reported.
  private func checkListed(_ address: IPAddress, at node: Int, _ holder: Read<ClusterFile.VIPHolder>?) -> Bool {
    if let first = vips.mention(of: address) {
      report(.repeatedVIP, at: node, "The VIP \(address) is already listed on line \(line(of: first)).") {
        "Keep one entry for each VIP."
      }
      return false
    }
    if let holder, holder.value == nil || holder.value == .external { vips.external.insert(address) }
    if let kind = unusableKind(of: address, linkLocal: true) {
      reportUnusableVIP(address, kind, at: node)
    } else {
      checkOwner(of: address, at: node)
    }
    return true
  }

  /// Who holds a VIP on directors: `lvsctl`, `external`, or the name of a director.
  private func vipHolder(_ node: Int) -> ClusterFile.VIPHolder? {
    guard let scalar = scalar(node, "`held_by`") else { return nil }
    let text = tape.string(scalar)
    if let known = KeyWords.vipHolder.first(where: { $0.word == text }) { return known.value }
    if let director = names.directors[text] { return .director(director.index) }
    guard !names.lacksDirectors else { return nil }
    report(.unknownName, at: node, "\(text.quoted.capitalizedFirst) is neither `lvsctl` nor `external` nor a director.")
    {
      let words = KeyWords.vipHolder.map(\.word) + names.directorNames
      return advice(on: text, as: .value(of: "held_by"), among: words)?.help
        ?? "Write `external` where another program moves the address, or the name of the director that holds it."
    }
    return nil
  }

  /// The prefix length of a VIP; the family of an address that is faulty is not known.
  private func prefixLength(_ node: Int, of address: IPAddress?) -> UInt8? {
    let range = KeyRange.prefix(address?.family ?? .ipv6)
    return integer(node, "prefix", in: range) {
      "Write the prefix length of the network in decimal digits; leave it out for \(range.upperBound), the address alone."
    }.map(UInt8.init)
  }

  /// Reports an address that cannot be a VIP, at its first mention, which counts the others.
  func reportUnusableVIP(_ address: IPAddress, _ kind: String, at node: Int) {
    reportUnusable(address, kind, at: firstFault(of: address, at: node), as: "a VIP", isOnce: true)
  }

  /// Reports a VIP that is a machine's own address, at its first mention, which counts the others.
  func checkOwner(of address: IPAddress, at node: Int) {
    let director = vips.external.contains(address) ? nil : names.directorAddresses[address]
    guard let owner = names.realServerAddresses[address] ?? director else { return }
    reportOnce(
      .vipIsRealAddress, of: owner, at: firstFault(of: address, at: node),
      "\(address) is the address of the machine on line \(line(of: owner)), and no VIP."
    ) {
      let help =
        "Take a free address of the network as VIP: it moves between directors, and a machine's own address does not"
      guard names.realServerAddresses[address] == nil else { return help + "." }
      return help + "; where another program moves this one, list it in `vips` with `held_by: external`."
    }
  }

  private func firstFault(of address: IPAddress, at node: Int) -> Int {
    if let first = vips.faulty[address] { return first }
    vips.faulty[address] = node
    return node
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
}
