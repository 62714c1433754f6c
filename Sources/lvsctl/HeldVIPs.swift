import LVSKernel
import LVSPlan
import LVSSystem
import LVSText

/// VIPs in the eyes of the network segment: who holds those that a plan would take, and news of those held here.
enum HeldVIPs {
  /// Ends the command where another machine holds a VIP that the plan would take.
  static func askBeforeTaking(_ plan: Plan, _ kernel: KernelConnection) throws(Failure) {
    let taken = plan.takenAddresses
    if taken.isEmpty { return }
    let holders: [AddressHolder]
    do {
      holders = try kernel.otherHolders(of: taken)
    } catch {
      throw Failure(describing: error)
    }
    if holders.isEmpty { return }
    let longest = 20
    var lines: [Message] = holders.prefix(longest).map {
      "Another machine holds the VIP \($0.id.address): \($0.hardwareText) answered for it on \($0.id.interface)."
    }
    if holders.count > longest { lines.append("So it is for \(holders.count - longest) more.") }
    lines.append(
      """
      Nothing was changed. If that is a director, demote it first, with lvsctl apply --role standby there. If it is a real \
      server, lvsctl apply there keeps it from answering. With --take-over the VIP is taken without asking.
      """)
    throw Failure(.refused, lines.joined(separator: "\n"))
  }

  /// Ends the command, before it changes anything, where this process may not announce what it is to announce.
  static func requireAnnouncing(_ target: Target) throws(Failure) {
    if target.announcedAddresses.isEmpty { return }
    do {
      if try Capabilities.current().hasNetRaw { return }
    } catch {
      throw Failure(describing: error)
    }
    throw Failure(
      .noPrivilege, "This process lacks CAP_NET_RAW, which --announce needs. Run lvsctl as root. Nothing was changed.")
  }

  /// Tells the neighbours of every VIP that this node holds, and returns how many of them anybody could hear of.
  static func announce(_ target: Target, _ kernel: KernelConnection) throws(Failure) -> Int {
    let held = target.announcedAddresses
    if held.isEmpty { return 0 }
    do throws(SystemError) {
      let announcer = try kernel.announcer()
      var count = 0
      for id in held {
        if try announcer.announce(id) { count += 1 }
      }
      return count
    } catch {
      throw Failure(describing: error)
    }
  }

  /// How many VIPs were announced, for an operator.
  static func announced(_ count: Int, by node: Node) -> Message {
    switch count {
    case 0: "\(node.name) holds no VIP that neighbours could be told of.\n"
    case 1: "Announced 1 VIP that \(node.name) holds.\n"
    default: "Announced \(count) VIPs that \(node.name) holds.\n"
    }
  }
}
