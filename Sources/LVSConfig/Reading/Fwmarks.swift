/// A firewall mark, or a range of them, of a service.
public struct FwmarkRange: ListedRange, Equatable, Sendable {
  /// The first mark.
  public var lower: UInt32
  /// The last mark.
  public var upper: UInt32
  /// Where it stands.
  public var place = Place.nowhere

  var count: Int { Int(upper) - Int(lower) + 1 }
}

extension ClusterFileReader {
  /// The firewall marks of a service: a number, a range, or a list of them.
  func fwmarks(_ node: Int) -> [FwmarkRange]? {
    shared(\.sharedFwmarks, node) { node in
      list(node, "firewall marks", "mark") { fwmarkRange($0) }.map {
        apart($0, "mark", faults) { "The firewall mark \($0)" }
      }
    }
  }

  /// One firewall mark.
  func fwmark(_ node: Int) -> UInt32? {
    integer(node, "fwmark", in: KeyRange.fwmark) { "A firewall mark is 1 or more, in decimal digits." }
      .map(UInt32.init)
  }

  private func fwmarkRange(_ node: Int) -> FwmarkRange? {
    var lone: FwmarkRange? { fwmark(node).map { FwmarkRange(lower: $0, upper: $0, place: place(of: node)) } }
    let resolved = tape.resolved(node)
    guard tape[resolved].kind == .scalar else { return lone }
    let written = range(
      resolved, at: node, of: "firewall marks", within: KeyRange.fwmark, backwards: .badNumber, beyond: .outOfRange
    ) {
      "A firewall mark is 1 or more, and has 32 bits."
    }
    switch written {
    case .ends(let lower, let upper):
      return FwmarkRange(lower: UInt32(lower), upper: UInt32(upper), place: place(of: node))
    case .faulty: return nil
    case .absent: return lone
    }
  }
}
