import LVSText

/// A port, or a range of ports, of a service.
public struct PortRange: ListedRange, Equatable, Sendable {
  /// The first port.
  public var lower: UInt16
  /// The last port.
  public var upper: UInt16
  /// Where it stands.
  public var place = Place.nowhere

  var count: Int { Int(upper) - Int(lower) + 1 }
}

extension ClusterFileReader {
  /// The ports of a service: a number, a range, or a list of them; those that are faulty are reported and left out.
  func ports(_ node: Int) -> [PortRange]? {
    shared(\.sharedPorts, node) { node in
      list(node, "ports", "port") { portRange($0) }.map { apart($0, "port", faults) { "Port \($0)" } }
    }
  }

  private func portRange(_ node: Int) -> PortRange? {
    guard let scalar = scalar(node, "`port`") else { return nil }
    let written = range(
      scalar, at: node, of: "ports", within: KeyRange.port, backwards: .badPort, beyond: .badPort
    ) {
      "Port 0, which takes every port, stands alone and needs `persistence`."
    }
    switch written {
    case .ends(let lower, let upper):
      return PortRange(lower: UInt16(lower), upper: UInt16(upper), place: place(of: node))
    case .faulty: return nil
    case .absent: break
    }
    switch DecimalNumber(tape.bytes(scalar)) {
    case .value(let port) where KeyRange.anyPort.contains(port):
      return PortRange(lower: UInt16(port), upper: UInt16(port), place: place(of: node))
    case .value, .tooLarge, .negative:
      report(.badPort, at: node, "The port `\(tape.string(scalar).shortened)` is not between 0 and 65535.") {
        "Ports have 16 bits."
      }
    case .malformed(let meant):
      let text = tape.string(scalar).quoted.capitalizedFirst
      report(.badPort, at: node, "\(text) is neither a port nor a range of ports.") {
        if let meant { return "Write `\(meant)` if that is meant; a port is plain decimal digits." }
        return "Write a number such as `80`, a range such as `8000-8009`, or a list of them; names are not looked up."
      }
    }
    return nil
  }
}
