import LVSText

extension Topology {
  /// The machines and networks, a network and its machines below each other.
  public func picture() -> [TextLine] {
    var lines: [TextLine] = []
    for segment in segments {
      var head = TextLine(segment.name, .bold)
      head.append("  " + segment.prefixes.map(\.description).joined(separator: "  "), .dim)
      lines.append(head)
      let ends = stations.flatMap { station in
        station.links.filter { $0.lan == segment.name }.map { (station, $0) }
      }
      let width = ends.map { displayColumns($0.0.name) }.max() ?? 0
      for (index, (station, link)) in ends.enumerated() {
        var line = TextLine(index == ends.count - 1 ? "  └─ " : "  ├─ ", .dim)
        line.append(station.name, station.part == .node ? nil : .dim)
        line.append(String(repeating: " ", count: width - displayColumns(station.name) + 2))
        line.append(([link.name] + link.addresses).joined(separator: "  "), .dim)
        lines.append(line)
      }
    }
    return lines
  }
}
