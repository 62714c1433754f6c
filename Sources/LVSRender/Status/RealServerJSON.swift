import LVSModel
import LVSPlan
import LVSText

extension RealServerView {
  /// The part of a status that is about a real server.
  var json: JSONText.Value {
    .object([
      ("vips", .maps(vips) { $0.json }), ("ports", .maps(ports) { $0.json }),
      ("ways_back", .maps(waysBack) { $0.json }),
    ])
  }
}

extension RealServerView.VIP {
  fileprivate var json: JSONText.Value {
    .object([
      ("address", .string(address.description)), ("name", JSONText.Value(name)),
      ("interface", JSONText.Value(interface)), ("mute", isMute.map(JSONText.Value.boolean) ?? .null),
    ])
  }
}

extension RealServerView.Port {
  fileprivate var json: JSONText.Value {
    .object([
      ("protocol", .string(transport.word)), ("address", .string(address.description)), ("port", .integer(Int(port))),
      ("listening", isListening.map(JSONText.Value.boolean) ?? .null),
    ])
  }
}

extension RealServerView.WayBack {
  fileprivate var json: JSONText.Value {
    var via: IPAddress?
    var device: String?
    var isReachable: Bool? = true
    switch answer {
    case .gateway(let gateway, let interface): (via, device) = (gateway, interface)
    case .onLink(let interface): device = interface
    case .local: break
    case .unreachable: isReachable = false
    case nil: isReachable = nil
    }
    return .object([
      ("source", .string(source.description)), ("reachable", isReachable.map(JSONText.Value.boolean) ?? .null),
      ("via", JSONText.Value(via?.description)), ("interface", JSONText.Value(device)),
    ])
  }
}
