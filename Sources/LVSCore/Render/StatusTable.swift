/// The table of a status: one set of columns over all services.
struct StatusTable {
  private var rows: [Row] = []
  private let columns: [Column]
  private let estimatesRates: Bool

  private enum Row {
    /// A line of its own, above its real servers.
    case heading(TextLine)
    case cells(name: String, cells: [String], ink: Style.Ink?, note: String)
  }

  /// A column after that of the names; all but the forwarding method are numbers.
  private enum Column: String {
    case forward = "fwd"
    case weight
    case active
    case inactive = "inact"
    case persistent = "pers"
    case connectionRate = "conn/s"
    case packetRateIn = "pkt/s"
    case byteRateIn = "B/s"
    case packetRateOut = "pkt/s out"
    case byteRateOut = "B/s out"
    case share
  }

  init(_ report: StatusReport) {
    estimatesRates = report.estimatesRates
    let servers = report.services.lazy.flatMap(\.realServers)
    let persists =
      report.services.contains { $0.settings.persistence != nil } || servers.contains { $0.counters.persistent > 0 }
    // Replies come back through this machine with NAT alone; elsewhere the columns would be zero for ever.
    let repliesPass = servers.contains { $0.settings.forward == .nat }
    columns =
      [.forward, .weight, .active, .inactive] + (persists ? [.persistent] : [])
      + [.connectionRate, .packetRateIn, .byteRateIn] + (repliesPass ? [.packetRateOut, .byteRateOut] : []) + [.share]
    for service in report.services { add(service) }
  }

  private mutating func add(_ service: ServiceStatus) {
    var heading = TextLine(service.id.description, .bold)
    if let name = service.name { heading.append(" (\(name))") }
    heading.append("  " + service.settings.words)
    if service.isUnmanaged { heading.append(", not in the file", .dim) }
    rows.append(.heading(heading))
    for server in service.realServers { add(server) }
    if service.realServers.isEmpty {
      rows.append(.heading(TextLine("  no real servers", .yellow)))
    } else if service.realServers.count > 1 {
      let cells = columns.map { cell($0, of: service) }
      rows.append(.cells(name: "  total", cells: cells, ink: .dim, note: ""))
    }
  }

  private mutating func add(_ server: RealServerStatus) {
    let name = "  " + [server.name, server.id.description].compactMap { $0 }.joined(separator: " ")
    var notes: [String] = []
    if server.settings.weight == 0 { notes.append("weight 0") }
    if server.isOverloaded { notes.append("overloaded") }
    rows.append(
      .cells(
        name: name, cells: columns.map { cell($0, of: server) },
        ink: server.isOverloaded ? .red : server.settings.weight == 0 ? .yellow : nil,
        note: notes.joined(separator: ", ")))
  }

  private func cell(_ column: Column, of server: RealServerStatus) -> String {
    switch column {
    case .forward: server.settings.forward.word
    case .weight: String(server.settings.weight)
    case .active: String(server.counters.active)
    case .inactive: String(server.counters.inactive)
    case .persistent: String(server.counters.persistent)
    case .share: server.share.map { "\($0)%" } ?? ""
    default: rate(column, of: server.counters.traffic)
    }
  }

  private func cell(_ column: Column, of service: ServiceStatus) -> String {
    switch column {
    case .forward, .weight, .share: ""
    case .active: String(service.sum(\.active))
    case .inactive: String(service.sum(\.inactive))
    case .persistent: String(service.sum(\.persistent))
    default: rate(column, of: service.traffic)
    }
  }

  private func rate(_ column: Column, of traffic: TrafficCounters) -> String {
    guard estimatesRates else { return "" }
    return switch column {
    case .connectionRate: readable(traffic.connectionRate)
    case .packetRateIn: readable(traffic.packetRateIn)
    case .byteRateIn: readable(traffic.byteRateIn)
    case .packetRateOut: readable(traffic.packetRateOut)
    case .byteRateOut: readable(traffic.byteRateOut)
    default: ""
    }
  }

  /// The lines; a note that would pass `width` gets a line of its own.
  func lines(width: Int) -> [TextLine] {
    var nameWidth = 0
    var widths = columns.map { $0.rawValue.utf8.count }
    for case .cells(let name, let cells, _, _) in rows {
      nameWidth = max(nameWidth, displayColumns(name))
      for (index, cell) in cells.enumerated() { widths[index] = max(widths[index], cell.utf8.count) }
    }
    let tight = nameWidth + widths.reduce(0) { $0 + $1 + 1 }
    let notes = rows.map { if case .cells(_, _, _, let note) = $0 { note.utf8.count } else { 0 } }.max() ?? 0
    let gap = tight + widths.count + (notes == 0 ? 0 : notes + 2) <= width ? 2 : 1
    let layout = Layout(nameWidth: nameWidth, widths: widths, gap: gap, width: width)

    var lines = nameWidth == 0 ? [] : [layout.line("", columns.map(\.rawValue), .dim)]
    for row in rows {
      switch row {
      case .heading(let line): lines.append(line)
      case .cells(let name, let cells, let ink, let note):
        lines += layout.lines(name, cells, ink, note: note)
      }
    }
    return lines
  }

  private struct Layout {
    var nameWidth: Int
    var widths: [Int]
    var gap: Int
    var width: Int

    func line(_ name: String, _ cells: [String], _ ink: Style.Ink?) -> TextLine {
      var text = name + blanks(nameWidth - displayColumns(name))
      for (index, cell) in cells.enumerated() {
        let padding = blanks(widths[index] - cell.utf8.count)
        text += blanks(gap) + (index == 0 ? cell + padding : padding + cell)
      }
      while text.hasSuffix(" ") { text.removeLast() }
      return TextLine(text, ink)
    }

    func lines(_ name: String, _ cells: [String], _ ink: Style.Ink?, note: String) -> [TextLine] {
      var line = line(name, cells, ink)
      if note.isEmpty { return [line] }
      let full = nameWidth + widths.reduce(0) { $0 + $1 + gap }
      if full + gap + note.utf8.count > width { return [line, TextLine("    ^ " + note, ink)] }
      line.append(blanks(full + gap - line.columns) + note, ink)
      return [line]
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
  }
}

extension ServiceSettings {
  /// The settings in one line: `wlc`, `sh, sh-port, persistence 300 s`.
  fileprivate var words: String {
    var words = [scheduler.name] + schedulerFlags.words(for: scheduler)
    if let persistence { words.append(persistence.words) }
    if onePacket { words.append("one-packet") }
    return words.joined(separator: ", ")
  }
}

extension Persistence {
  fileprivate var words: String {
    guard case .map(let fields) = fieldValue else { return "persistence \(timeout) s" }
    let others = fields.dropFirst().map { " \($0.name) \($0.value.text)" }
    return "persistence \(timeout) s" + others.joined()
  }
}
