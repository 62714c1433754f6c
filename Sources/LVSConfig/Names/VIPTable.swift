import LVSModel
import LVSText

/// The VIPs of a file: those listed in `vips` and those that services name.
struct VIPTable {
  private struct Entry {
    var vip: ClusterFile.VIP
    /// What mentions the address first.
    var mention: Place
  }

  private var entries: [IPAddress: Entry] = [:]
  /// The addresses that cannot be VIPs, and where that was told.
  private var faulty: [IPAddress: Place] = [:]
  /// The addresses that another program holds on directors, or may hold, where `held_by` is faulty.
  private var external: Set<IPAddress> = []
  /// Whether VRRP moves all of them.
  private let isMovedByVRRP: Bool
  /// Whether some names could not be read.
  let isIncomplete: Bool
  /// Names from `vips`; nil for an entry whose address is faulty.
  private(set) var names: [String: (address: IPAddress?, place: Place)] = [:]
  /// The same names in file order.
  private(set) var nameList: [String] = []

  /// Looks up what `vips` says; names and addresses that are there twice are reported, and addresses that are no VIP's.
  init(_ draft: ClusterDraft, _ machines: NameTable, _ faults: FileFaults) {
    isIncomplete = draft.lacksVIPs
    isMovedByVRRP = draft.vrrp.unlessNone() != nil
    for vip in draft.vips?.value ?? [] { add(vip, draft, machines, faults) }
  }

  private mutating func add(_ vip: VIPDraft, _ draft: ClusterDraft, _ machines: NameTable, _ faults: FileFaults) {
    let holder = vip.holder.unlessNone().map { holder in
      holder.value.flatMap { vipHolder($0, at: holder.place, draft, machines, faults) }
    }
    if isMovedByVRRP, let said = vip.holder.unlessNone() { checkMover(said, holder ?? nil, faults) }
    let isNew = vip.address.map { checkListed($0, holder, machines, faults) } ?? false
    let name = vip.name?.value
    if let name, let place = vip.name?.place {
      if let first = names[name] {
        faults.reportRepeatedName(name, at: place, first: first.place, what: "VIP")
      } else {
        names[name] = (vip.address?.value, place)
        nameList.append(name)
      }
    }
    guard isNew, let place = vip.address?.place, let address = vip.address?.value else { return }
    let isUnlabelled = vip.label?.isNone == true && address.family == .ipv4
    entries[address] = Entry(
      vip: ClusterFile.VIP(
        name: name, address: address, interface: vip.interface?.value, label: isUnlabelled ? "" : vip.label?.value,
        prefixLength: vip.prefixLength?.value, holder: (holder ?? standardHolder) ?? standardHolder,
        isNamedByService: false),
      mention: place)
  }

  /// Whether an entry of `vips` is the first for its address; what is wrong with the address is reported.
  private mutating func checkListed(
    _ placed: Placed<IPAddress>, _ holder: ClusterFile.VIPHolder??, _ machines: NameTable, _ faults: FileFaults
  ) -> Bool {
    guard let address = placed.value else { return false }
    if let first = entries[address]?.mention {
      faults.report(
        .repeatedVIP, at: placed.place, "The VIP \(address) is already listed on line \(faults.line(of: first))."
      ) {
        "Keep one entry for each VIP."
      }
      return false
    }
    // VRRP adds its addresses and takes them away: a director would lose its own.
    if !isMovedByVRRP, let holder, holder == nil || holder == .external { external.insert(address) }
    if let kind = unusableKind(of: address, linkLocal: true) {
      reportUnusableVIP(address, kind, at: placed.place, faults)
    } else {
      checkOwner(of: address, at: placed.place, machines, faults)
    }
    return true
  }

  /// Who holds a VIP of which the file says nothing.
  private var standardHolder: ClusterFile.VIPHolder { isMovedByVRRP ? .external : .activeDirector }

  /// What VRRP moves, nobody else holds.
  private func checkMover(_ said: Placed<String>, _ holder: ClusterFile.VIPHolder?, _ faults: FileFaults) {
    guard let holder, holder != .external, let word = said.value else { return }
    faults.report(
      .vrrpConflict, at: said.place, "`held_by: \(word.shortened)` and `vrrp` name two that would hold this VIP."
    ) {
      "Leave `held_by` out, since `vrrp` moves all VIPs; or leave `vrrp` out."
    }
  }

  /// Notes the addresses of a service, and reports those that cannot be VIPs.
  ///
  /// It goes from address to address, so the number of them has been bounded before.
  mutating func use(_ ranges: [VIPRange], _ machines: NameTable, _ faults: FileFaults) {
    for range in ranges {
      var isTold = false
      range.forEach { address in
        use(address, at: range.place)
        guard !range.isNamed else { return }
        guard let kind = unusableKind(of: address, linkLocal: true) else {
          return checkOwner(of: address, at: range.place, machines, faults)
        }
        // The others of the range are of the same kind, and that is one mistake.
        if !isTold { reportUnusableVIP(address, kind, at: range.place, faults) }
        isTold = true
      }
    }
  }

  private mutating func use(_ address: IPAddress, at place: Place) {
    guard var entry = entries[address] else {
      entries[address] = Entry(vip: ClusterFile.VIP(address: address, holder: standardHolder), mention: place)
      return
    }
    entry.vip.isNamedByService = true
    if place.start < entry.mention.start { entry.mention = place }
    entries[address] = entry
  }

  /// The VIPs by the place of their first mention.
  func inFileOrder() -> [ClusterFile.VIP] {
    // Two services that share a VIP behind one alias have the same place; the address decides then.
    entries.values.sorted { ($0.mention.start, $0.vip.address) < ($1.mention.start, $1.vip.address) }.map(\.vip)
  }

  /// Reports an address that cannot be a VIP, at its first mention, which counts the others.
  private mutating func reportUnusableVIP(_ address: IPAddress, _ kind: String, at place: Place, _ faults: FileFaults) {
    reportUnusable(address, kind, at: firstFault(of: address, at: place), as: "a VIP", isOnce: true, faults)
  }

  /// Reports a VIP that is a machine's own address, at its first mention, which counts the others.
  private mutating func checkOwner(
    of address: IPAddress, at place: Place, _ machines: NameTable, _ faults: FileFaults
  ) {
    let director = external.contains(address) ? nil : machines.directorAddresses[address]
    guard let owner = machines.realServerAddresses[address] ?? director else { return }
    faults.reportOnce(
      .vipIsRealAddress, of: Int(owner.start), at: firstFault(of: address, at: place),
      "\(address) is the address of the machine on line \(faults.line(of: owner)), and no VIP."
    ) {
      let help: Message =
        "Take a free address of the network as VIP: it moves between directors, and a machine's own address does not"
      guard machines.realServerAddresses[address] == nil, !isMovedByVRRP else { return help + "." }
      return help + "; where another program moves this one, list it in `vips` with `held_by: external`."
    }
  }

  private mutating func firstFault(of address: IPAddress, at place: Place) -> Place {
    if let first = faulty[address] { return first }
    faulty[address] = place
    return place
  }
}

/// Who holds a VIP on directors: `lvsctl`, `external`, or the name of a director; nil where that is nobody, which is
/// reported.
private func vipHolder(
  _ text: String, at place: Place, _ draft: ClusterDraft, _ machines: NameTable, _ faults: FileFaults
) -> ClusterFile.VIPHolder? {
  if let known = KeyWords.vipHolder.first(where: { $0.word == text }) { return known.value }
  if let director = machines.directors[text] { return .director(director.index) }
  guard !draft.lacksDirectors else { return nil }
  faults.report(
    .unknownName, at: place, "\(text.quoted.capitalizedFirst) is neither `lvsctl` nor `external` nor a director."
  ) {
    let words = KeyWords.vipHolder.map(\.word) + machines.directorNames
    return faults.advice(on: text, as: .value(of: "held_by"), among: words)?.help
      ?? "Write `external` where another program moves the address, or the name of the director that holds it."
  }
  return nil
}
