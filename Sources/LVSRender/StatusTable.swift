import LVSModel
import LVSPlan
import LVSText

/// The table of a status: one set of columns over all services.
///
/// Its rows are made twice, once for their widths and once for their lines: all at a time they take many times the memory
/// of what they tell.
struct StatusTable {
  private let services: [ServiceStatus]
  private let columns: [Column]
  private let estimatesRates: Bool

  private enum Row {
    /// A service, above its real servers.
    case service(ServiceStatus)
    case noRealServers
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

    /// The heading where there is little room.
    var shortTitle: String {
      switch self {
      case .weight: "wt"
      case .active: "act"
      case .inactive: "ina"
      case .connectionRate: "c/s"
      case .packetRateIn: "p/s"
      case .packetRateOut: "p/s out"
      case .share: "%"
      case .forward, .persistent, .byteRateIn, .byteRateOut: rawValue
      }
    }
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
    services = report.services
  }

  private func forEachRow(_ body: (Row) -> Void) {
    for service in services {
      body(.service(service))
      for server in service.realServers { body(row(of: server)) }
      if service.realServers.isEmpty {
        body(.noRealServers)
      } else if service.realServers.count(where: \.isInTable) > 1 {
        body(.cells(name: "  total", cells: columns.map { cell($0, of: service) }, ink: .dim, note: ""))
      }
    }
  }

  private func heading(_ service: ServiceStatus) -> TextLine {
    var heading = TextLine(service.id.description, .bold)
    if let name = service.name { heading.append(" (\(name))") }
    heading.append("  " + service.settings.words)
    if service.isUnmanaged { heading.append(", not in the file", .dim) }
    return heading
  }

  private func row(of server: RealServerStatus) -> Row {
    let name = "  " + [server.name, server.id.description].compactMap { $0 }.joined(separator: " ")
    let words = server.health?.words
    var notes: [String] = []
    if server.isFallback { notes.append(server.isInTable ? "fallback" : "fallback, not needed") }
    if !server.isInTable && !server.isFallback { notes.append("taken out") }
    if server.isInTable && server.settings.weight == 0 && words == nil { notes.append("weight 0") }
    if let words { notes.append(words) }
    if server.isOverloaded { notes.append("overloaded") }
    return .cells(
      name: name, cells: columns.map { server.isInTable ? cell($0, of: server) : "" }, ink: ink(of: server),
      note: notes.joined(separator: ", "))
  }

  private func ink(of server: RealServerStatus) -> Style.Ink? {
    if server.isOverloaded || server.health?.state == .down { return .red }
    if !server.isInTable { return .dim }
    return server.settings.weight == 0 ? .yellow : nil
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

  /// Makes the lines one by one: spaced out where `width` allows, else closer, else with short headings; a note that would pass it even
  /// then gets a line of its own.
  func forEachLine(width: Int, _ body: (TextLine) -> Void) {
    var nameWidth = 0
    var widths = columns.map { _ in 0 }
    var noteWidth = 0
    forEachRow { row in
      guard case .cells(let name, let cells, _, let note) = row else { return }
      nameWidth = max(nameWidth, displayColumns(name))
      for (index, cell) in cells.enumerated() { widths[index] = max(widths[index], cell.utf8.count) }
      noteWidth = max(noteWidth, displayColumns(note))
    }
    let layouts = [(columns.map(\.rawValue), 2), (columns.map(\.rawValue), 1), (columns.map(\.shortTitle), 1)].map {
      Layout(
        titles: $0, nameWidth: nameWidth, widths: zip($0, widths).map { max($0.utf8.count, $1) }, gap: $1, width: width)
    }
    let layout = layouts.first { $0.fits(noteWidth: noteWidth) } ?? layouts[2]

    if nameWidth != 0 { body(layout.line("", layout.titles, .dim)) }
    forEachRow { row in
      switch row {
      case .service(let service): body(heading(service))
      case .noRealServers: body(TextLine("  no real servers", .yellow))
      case .cells(let name, let cells, let ink, let note):
        for line in layout.lines(name, cells, ink, note: note) { body(line) }
      }
    }
  }

  private struct Layout {
    var titles: [String]
    var nameWidth: Int
    var widths: [Int]
    var gap: Int
    var width: Int

    /// The columns of a row without a note.
    private var full: Int { nameWidth + widths.reduce(0) { $0 + $1 + gap } }

    func fits(noteWidth: Int) -> Bool { full + (noteWidth == 0 ? 0 : gap + noteWidth) <= width }

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
      if !fits(noteWidth: displayColumns(note)) { return [line, TextLine("    ^ " + note, ink)] }
      line.append(blanks(full + gap - line.columns) + note, ink)
      return [line]
    }

    private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
  }
}

extension ServerHealth {
  /// Why it gets no new connections, and since when: `down since 2026-11-26T05:00:00Z: http 503`; nil while it may.
  fileprivate var words: String? {
    if serves { return nil }
    return state.rawValue + (since.map { " since \(utcText($0))" } ?? "") + (reason.map { ": \($0)" } ?? "")
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
