import LVSModel
import LVSText

extension TunnelDraft {
  /// The tunnel; nil where any of it is faulty, or does not go together.
  var tunnel: Tunnel? {
    guard let kind = known, let port = port.unlessNone().orElse(0), let checksum = checksum.unlessNone().orElse(.none),
      (self.port.unlessNone() != nil) == (kind == .gue), kind.takes(checksum)
    else { return nil }
    return Tunnel(kind: kind, port: port, checksum: checksum)
  }

  /// The type, which is `ipip` where nothing is said; nil where it is faulty.
  fileprivate var known: Tunnel.Kind? { kind.unlessNone().orElse(.ipip) }
}

extension Optional {
  /// The value that is said, or a default where none is; nil where it is faulty.
  func orElse<Value>(_ general: Value) -> Value? where Wrapped == Placed<Value> {
    guard let self else { return general }
    return self.value
  }
}

/// The options of a tunnel belong to its type: ip_vs_add_dest() wants a port for GUE.
func checkTunnel(_ tunnel: Placed<TunnelDraft>?, _ faults: FileFaults) {
  guard let place = tunnel?.place, let tunnel = tunnel?.value, let known = tunnel.known else { return }
  let port = tunnel.port.unlessNone()
  if let port, known != .gue {
    faults.report(.tunnelOption, at: port.place, "A tunnel of the type `\(known.word)` has no port.") {
      "Leave `port` out, or write `type: gue`."
    }
  }
  if port == nil, known == .gue {
    faults.report(.tunnelOption, at: tunnel.kind?.place ?? place, "A `gue` tunnel needs a port.") {
      "Add `port: N` with the UDP port on which the real servers take GUE packets."
    }
  }
  if let checksum = tunnel.checksum, let value = checksum.value, !known.takes(value) {
    faults.report(
      .tunnelOption, at: checksum.place,
      "A tunnel of the type `\(known.word)` cannot do the checksum `\(value.word)`."
    ) {
      "`gue` takes `none`, `csum` and `remcsum`, `gre` takes `none` and `csum`, `ipip` only `none`."
    }
  }
}

extension Tunnel.Kind {
  /// ipvsadm(8): checksums are for GUE and GRE, remote checksum offload for GUE alone.
  fileprivate func takes(_ checksum: Tunnel.Checksum) -> Bool {
    switch checksum {
    case .none: true
    case .csum: self != .ipip
    case .remcsum: self == .gue
    }
  }
}
