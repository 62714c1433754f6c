/// A port, or a range of ports, of a service.
struct PortRange {
  var lower: UInt16
  var upper: UInt16
  var node: Int

  var count: Int { Int(upper) - Int(lower) + 1 }
}

extension ClusterFileReader {
  /// The ports of a service: a number, a range, or a list of them; nil where any is faulty.
  func ports(_ node: Int) -> [PortRange]? {
    let resolved = tape.resolved(node)
    guard tape[resolved].kind == .sequence else { return portRange(node).map { [$0] } }
    guard tape[resolved].count > 0 else {
      report(.missingValue, at: node, "The list of ports is empty.") { "Give at least one port." }
      return nil
    }
    var ranges: [PortRange] = []
    var isFaulty = false
    tape.forEachElement(of: resolved) { element in
      guard let range = portRange(element) else {
        isFaulty = true
        return
      }
      ranges.append(range)
    }
    guard !isFaulty, checkApart(ranges) else { return nil }
    return ranges
  }

  private func portRange(_ node: Int) -> PortRange? {
    guard let scalar = scalar(node, "`port`") else { return nil }
    let bytes = tape.bytes(scalar)
    let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    if parts.count == 2, case .value(let lower) = DecimalNumber(parts[0]),
      case .value(let upper) = DecimalNumber(parts[1])
    {
      guard (1...65535).contains(lower), (1...65535).contains(upper) else {
        report(.badPort, at: node, "The range of ports `\(tape.string(scalar).shortened)` goes beyond 1 to 65535.") {
          "Port 0, which takes every port, stands alone and needs `persistence`."
        }
        return nil
      }
      guard lower <= upper else {
        report(.badPort, at: node, "The range of ports `\(tape.string(scalar))` ends before it begins.") {
          "Write `\(upper)-\(lower)`."
        }
        return nil
      }
      return PortRange(lower: UInt16(lower), upper: UInt16(upper), node: node)
    }
    switch DecimalNumber(bytes) {
    case .value(let port) where port <= 65535:
      return PortRange(lower: UInt16(port), upper: UInt16(port), node: node)
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

  /// Whether no port is named twice; reported at the later one.
  private func checkApart(_ ranges: [PortRange]) -> Bool {
    var found = 0
    // Where each port was named; a table only for lists too long to compare element by element.
    var owners = [Int32](repeating: -1, count: ranges.count > 16 ? 65536 : 0)
    for (index, range) in ranges.enumerated() {
      guard let (port, first) = overlap(of: range, with: ranges[..<index], owners) else {
        if !owners.isEmpty { for port in range.lower...range.upper { owners[Int(port)] = Int32(index) } }
        continue
      }
      found += 1
      report(.repeatedValue, at: range.node, "Port \(port) is in this list already, on line \(line(of: first)).") {
        "Name each port once."
      }
      // Each look may cost as much as there are ports; nobody reads more of these for one list.
      if found == FaultCollector.shown { break }
    }
    return found == 0
  }

  /// The first port that an earlier range has too, and where.
  private func overlap(
    of range: PortRange, with earlier: ArraySlice<PortRange>, _ owners: [Int32]
  ) -> (port: UInt16, node: Int)? {
    guard owners.isEmpty else {
      let port = (range.lower...range.upper).first { owners[Int($0)] >= 0 }
      return port.map { ($0, earlier[Int(owners[Int($0)])].node) }
    }
    let other = earlier.first { $0.lower <= range.upper && range.lower <= $0.upper }
    return other.map { (max($0.lower, range.lower), $0.node) }
  }
}
