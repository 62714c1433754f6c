import LVSText

/// A value of a list that may be a range: ports, firewall marks, addresses.
public protocol ListedRange {
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

/// What a scalar says of a range of numbers.
enum WrittenRange {
  /// It is none.
  case absent
  /// It is one that cannot be, which has been reported.
  case faulty
  /// From one number to another.
  case ends(lower: Int, upper: Int)
}

extension ClusterFileReader {
  /// Reads `LOWER-UPPER` of a scalar at a node: a range of `plural` within bounds; `backwards` is the code of one that ends
  /// before it begins, `beyond` that of one outside, with what is said of the bounds.
  func range(
    _ scalar: Int, at node: Int, of plural: String, within bounds: ClosedRange<Int>, backwards: FindingCode,
    beyond: FindingCode, help: () -> Message
  ) -> WrittenRange {
    let parts = tape.bytes(scalar).split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    guard parts.count == 2, case .value(let lower) = DecimalNumber(parts[0]),
      case .value(let upper) = DecimalNumber(parts[1])
    else { return .absent }
    var text: String { tape.string(scalar).shortened }
    guard bounds.contains(lower), bounds.contains(upper) else {
      report(
        beyond, at: node,
        "The range of \(plural) `\(text)` goes beyond \(bounds.lowerBound) to \(bounds.upperBound).", help: help)
      return .faulty
    }
    guard lower <= upper else {
      report(backwards, at: node, "The range of \(plural) `\(text)` ends before it begins.") {
        "Write `\(upper)-\(lower)`."
      }
      return .faulty
    }
    return .ends(lower: lower, upper: upper)
  }
}
