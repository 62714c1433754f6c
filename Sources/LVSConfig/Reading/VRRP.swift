import LVSModel
import LVSText

/// `vrrp`.
extension ClusterFileReader {
  func vrrp(_ node: Int) -> VRRPDraft? {
    guard let map = mapping(node, "`vrrp`", help: { "It is a map such as `{ id: 51 }`." }) else { return nil }
    let fields = keyedNodes(of: map, VRRPKey.self)
    var vrrp = VRRPDraft()
    vrrp.id = required(.id, fields, help: "Give a virtual router id that no other VRRP on this network has: `id: 51`.")
    {
      integer($0, "id", in: KeyRange.vrrpID).map(UInt8.init)
    }
    vrrp.interface = placed(.interface, fields) { interface($0) }
    vrrp.interval = placed(.interval, fields) {
      seconds($0, "interval", in: KeyRange.vrrpInterval).map(UInt8.init)
    }
    vrrp.unicast = placed(.unicast, fields) { boolean($0, "unicast") }
    vrrp.preempt = placed(.preempt, fields) { boolean($0, "preempt") }
    vrrp.priority = placed(.priority, fields) {
      integer($0, "priority", in: KeyRange.vrrpPriority).map(UInt8.init)
    }
    return vrrp
  }
}
