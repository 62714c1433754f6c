import LVSConfig
import LVSModel
import LVSSandbox
import LVSText

/// Who answers ARP and neighbour discovery for the VIPs.
extension Rehearsal {
  func checkOwners(_ stage: Stage) {
    let vips = Dictionary(stage.file.vips.map { ($0.address, $0) }) { first, _ in first }
    var rightful = 0
    var wrong: [String: [Watch.Claim]] = [:]
    for claim in stage.watch.claims() {
      guard let address = IPAddress(claim.address), let vip = vips[address] else { continue }
      // With `held_by: external` a VIP may be a director's own address.
      if stage.mayAnswer(claim.machine, for: vip, at: claim.seconds) {
        rightful += 1
      } else {
        wrong[claim.machine, default: []].append(claim)
      }
    }
    for (station, claims) in wrong.sorted(by: { $0.key < $1.key }) {
      let addresses = Set(claims.map(\.address)).sorted().prefix(3).joined(separator: ", ")
      let macs = Set(claims.map(\.hardwareAddress)).sorted().prefix(3).joined(separator: ", ")
      note(
        CheckResult(
          .vipOwner, node: station, .fail,
          """
          \(station) (\(macs)) answered \(counted(claims.count, "time")) for \(addresses), of which it is not the \
          active director.\(stage.because(stage.differenceWords(station), of: station))
          """))
    }
    if !wrong.isEmpty { return }
    if rightful == 0 {
      return note(CheckResult(.vipOwner, .skip, "No answer for a VIP was seen."))
    }
    note(
      CheckResult(
        .vipOwner, .pass,
        "\(counted(rightful, "answer")) for \(counted(vips.count, "VIP")), all by the active director, and none before it was"
      ))
  }
}
