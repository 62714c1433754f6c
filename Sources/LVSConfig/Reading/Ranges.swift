/// A value of a list that may be a range: ports, firewall marks, addresses.
package protocol ListedRange {
  /// What it is a range of.
  associatedtype Bound: Comparable
  /// The first.
  var lower: Bound { get }
  /// The last.
  var upper: Bound { get }
  /// Where it stands.
  var place: Place { get }
}

extension ClusterFileReader {
  /// One value, or a list of them; those that are faulty are reported and left out, so that the others are still known to
  /// other rules. Nil where there is no list at all.
  func list<Element>(_ node: Int, _ plural: String, _ singular: String, read: (Int) -> Element?) -> [Element]? {
    let resolved = tape.resolved(node)
    guard tape[resolved].kind == .sequence else { return read(node).map { [$0] } ?? [] }
    guard tape[resolved].count > 0 else {
      report(.missingValue, at: node, "The list of \(plural) is empty.") { "Give at least one \(singular)." }
      return nil
    }
    var elements: [Element] = []
    elements.reserveCapacity(Int(tape[resolved].count))
    tape.forEachElement(of: resolved) { read($0).map { elements.append($0) } }
    return elements
  }
}

/// The ranges that have nothing in common with an earlier one, in their order; the others are reported.
func apart<Element: ListedRange>(
  _ ranges: [Element], _ singular: String, _ faults: FileFaults, _ repeated: (Element.Bound) -> String
) -> [Element] {
  guard ranges.count > 1 else { return ranges }
  // In the order of their lower bounds an overlap is always with the last one that was kept: those are apart.
  let order = ranges.indices.sorted { (ranges[$0].lower, $0) < (ranges[$1].lower, $1) }
  var isDropped = [Bool](repeating: false, count: ranges.count)
  var last = order[0]
  for next in order.dropFirst() {
    guard ranges[next].lower <= ranges[last].upper else {
      last = next
      continue
    }
    let (first, second) = (min(last, next), max(last, next))
    isDropped[second] = true
    last = first
    let bound = ranges[next].lower
    faults.report(
      .repeatedValue, at: ranges[second].place,
      "\(repeated(bound)) is in this list already, on line \(faults.line(of: ranges[first].place))."
    ) {
      "Name each \(singular) once."
    }
  }
  return ranges.indices.filter { !isDropped[$0] }.map { ranges[$0] }
}

/// A firewall mark, or a range of them, of a service.
package struct FwmarkRange: ListedRange, Equatable, Sendable {
  /// The first mark.
  package var lower: UInt32
  /// The last mark.
  package var upper: UInt32
  /// Where it stands.
  package var place = Place.nowhere

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
    let resolved = tape.resolved(node)
    guard tape[resolved].kind == .scalar else {
      return fwmark(node).map { FwmarkRange(lower: $0, upper: $0, place: place(of: node)) }
    }
    let parts = tape.bytes(resolved).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 2, case .value(let lower) = DecimalNumber(parts[0]),
      case .value(let upper) = DecimalNumber(parts[1])
    else {
      return fwmark(node).map { FwmarkRange(lower: $0, upper: $0, place: place(of: node)) }
    }
    let text = tape.string(resolved).shortened
    guard KeyRange.fwmark.contains(lower), KeyRange.fwmark.contains(upper) else {
      report(.outOfRange, at: node, "The range of firewall marks `\(text)` goes beyond 1 to \(UInt32.max).") {
        "A firewall mark is 1 or more, and has 32 bits."
      }
      return nil
    }
    guard lower <= upper else {
      report(.badNumber, at: node, "The range of firewall marks `\(text)` ends before it begins.") {
        "Write `\(upper)-\(lower)`."
      }
      return nil
    }
    return FwmarkRange(lower: UInt32(lower), upper: UInt32(upper), place: place(of: node))
  }
}
