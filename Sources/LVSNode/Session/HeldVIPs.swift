import LVSKernel
import LVSModel
import LVSPlan
import LVSSystem
import LVSText

/// VIPs in the eyes of the network segment: who holds those that a plan would take, and news of those held here.
enum HeldVIPs {
  /// Throws where another machine holds a VIP that the plan would take.
  static func askBeforeTaking(_ plan: Plan, _ kernel: KernelConnection) throws(NodeFailure) {
    let taken = plan.takenAddresses
    if taken.isEmpty { return }
    let holders: [AddressHolder]
    do {
      holders = try kernel.otherHolders(of: taken)
    } catch {
      throw NodeFailure(describing: error)
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
    throw NodeFailure(.refused, lines.joined(separator: "\n"))
  }

  /// Throws, before anything is changed, where this process may not announce what it is to announce.
  static func requireAnnouncing(_ target: Target) throws(NodeFailure) {
    if target.announcedAddresses.isEmpty { return }
    do {
      if try Capabilities.current().hasNetRaw { return }
    } catch {
      throw NodeFailure(describing: error)
    }
    throw NodeFailure(
      .noPrivilege, "This process lacks CAP_NET_RAW, which --announce needs. Run lvsctl as root. Nothing was changed.")
  }

  /// Tells the neighbours of VIPs that this node holds, and returns how many of them anybody could hear of. One that
  /// cannot be told of, since its interface is down, keeps no other one back.
  static func announce(_ held: [AddressID], _ kernel: KernelConnection) throws(NodeFailure) -> Int {
    if held.isEmpty { return 0 }
    var count = 0
    var refusal: SystemError?
    do throws(SystemError) {
      let announcer = try kernel.announcer()
      for id in held {
        do throws(SystemError) {
          if try announcer.announce(id) { count += 1 }
        } catch {
          refusal = refusal ?? error
        }
      }
    } catch {
      refusal = error
    }
    if let refusal { throw NodeFailure(describing: refusal) }
    return count
  }
}
