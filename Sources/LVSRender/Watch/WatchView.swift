import LVSModel
import LVSPlan
import LVSText

/// What a watch shows: a page of rows, which of them is marked, and what keys make of it.
public struct WatchView: Sendable {
  /// What is on the screen.
  public enum Page: Sendable {
    /// A line a service, and their real servers below those that are open.
    case services
    /// A line a real server.
    case machines
    /// What differs from the file, and what else there is to say.
    case drift
  }

  /// What is on the screen.
  public private(set) var page = Page.services
  /// What rows are sorted by.
  public private(set) var order: StatusOrder
  /// Rows are shown that have this; an empty text is in all of them.
  public private(set) var filter = ""
  /// Whether keys are letters of the filter.
  public private(set) var isTyping = false

  /// Services whose real servers are shown where those of the others are not, or the other way round.
  private var turned: Set<ServiceID> = []
  private var marked: WatchRow?
  private var top = 0
  // Of the last screen, which is what keys are pressed at.
  private var rows: [WatchRow] = []
  private var place = 0
  private var room = 1
  private var names: [IPAddress: String] = [:]

  /// Services, sorted.
  public init(order: StatusOrder = .state) { self.order = order }

  // MARK: Keys

  /// What a key does; false where it ends the watch.
  public mutating func press(_ key: WatchKey) -> Bool {
    if isTyping {
      type(key)
      return true
    }
    switch key {
    case .text("q"), .text("Q"): return false
    case .up, .text("k"): move(-1)
    case .down, .text("j"): move(1)
    case .pageUp, .text("b"): turnPage(-room)
    case .pageDown, .text(" "): turnPage(room)
    case .home, .text("g"): marked = nil
    case .end, .text("G"): marked = rows.last
    case .enter: open()
    case .escape: leave()
    case .text("s"): order = StatusOrder.allCases.element(after: order)
    case .text("/"):
      isTyping = true
      filter = ""
    case .text("d"): turn(to: page == .drift ? .services : .drift)
    case .text("t"): turn(to: page == .machines ? .services : .machines)
    case .backspace, .text: break
    }
    return true
  }

  private mutating func type(_ key: WatchKey) {
    switch key {
    case .enter: isTyping = false
    case .escape:
      isTyping = false
      filter = ""
    case .backspace: _ = filter.popLast()
    case .text(let character): if filter.utf8.count < 64 { filter.append(character) }
    default: break
    }
    marked = nil
  }

  private mutating func move(_ count: Int) {
    guard !rows.isEmpty else { return }
    let next = min(max(0, place + count), rows.count - 1)
    marked = next == 0 ? nil : rows[next]
    place = next
    // A page of text has no marked row: its top moves.
    if page == .drift { top = min(max(0, top + count), max(0, rows.count - room)) }
  }

  /// Moves what is seen and the marked row by as many rows as are seen.
  private mutating func turnPage(_ count: Int) {
    if page != .drift { top = min(max(0, top + count), max(0, rows.count - room)) }
    move(count)
  }

  private mutating func turn(to page: Page) {
    self.page = page
    marked = nil
    top = 0
    place = 0
  }

  /// Enter: a service shows its real servers or no longer does, and a real server shows its services.
  private mutating func open() {
    guard rows.indices.contains(place) else { return }
    switch rows[place] {
    case .service(let id), .realServer(let id, _):
      turned.formSymmetricDifference([id])
      marked = .service(id)
    case .machine(let address):
      filter = names[address] ?? address.description
      turn(to: .services)
    case .line: break
    }
  }

  private mutating func leave() {
    if page != .services { turn(to: .services) } else { filter = "" }
  }

  // MARK: The screen

  /// The lines of a screen, as many as it has rows at most; `interval` is how often it is looked, and `hasKeys` whether
  /// somebody can press one.
  public mutating func frame(
    _ report: StatusReport, _ rates: CountedRates, _ history: StatusHistory, columns: Int, rows height: Int,
    interval: String, hasKeys: Bool
  ) -> [TextLine] {
    let totals = StatusTotals(report, rates)
    var above = head(report, totals, columns: columns, rows: height, interval: interval)
    var below: [TextLine] = []
    let layout =
      page == .machines ? StatusLayout(forServersIn: columns) : StatusLayout(width: columns, hasHistory: true)
    let drawing = StatusRows(report: report, layout: layout, rates: rates, history: history)
    if page != .drift && height >= 5 { above.append(layout.titles(page == .machines ? "real server" : "service")) }
    if page == .services && report.services.count > 1 && height >= 12 { below.append(drawing.row(totals)) }
    // A line for the footer, and one for a row at least.
    above = Array(above.prefix(max(0, height - 2)))
    room = max(1, height - above.count - below.count - (height > 1 ? 1 : 0))
    let shown = shown(report, rates, drawing, columns)
    rows = shown.ids
    names = report.identity?.serverNames ?? [:]
    settle()
    let seen = top..<min(rows.count, top + room)
    var lines = seen.map { index -> TextLine in
      let isMarked = hasKeys && index == place && page != .drift
      let line = shown.draw(index, isMarked)
      return isMarked ? line.painted(.reversed, columns: columns) : line
    }
    if lines.isEmpty { lines = [TextLine(emptyWords(report), .dim)] }
    lines += [TextLine](repeating: TextLine(), count: max(0, room - lines.count))
    let footer = hasKeys ? footer(seen, columns) : TextLine("^C ends", .dim)
    return above + lines + below + (height > 1 ? [footer] : [])
  }

  /// Where the marked row is now, and the part of the page that shows it.
  private mutating func settle() {
    if page == .drift {
      top = min(top, max(0, rows.count - room))
      place = top
      return
    }
    place = marked.flatMap { rows.firstIndex(of: $0) } ?? (marked == nil ? 0 : min(place, max(0, rows.count - 1)))
    if place < top { top = place }
    if place >= top + room { top = place - room + 1 }
    top = min(top, max(0, rows.count - room))
  }

  private func shown(_ report: StatusReport, _ rates: CountedRates, _ drawing: StatusRows, _ columns: Int) -> WatchRows
  {
    let word = filter.lowercased()
    switch page {
    case .services:
      var services = report.sorted(by: order).services
      if !word.isEmpty { services = services.filter { $0.matches(word, estimatesRates: report.estimatesRates) } }
      // Where all real servers find room, they are shown.
      let isRoomy = services.reduce(services.count) { $0 + $1.realServers.count } <= room
      return .services(drawing, services) { turned.contains($0) != isRoomy }
    case .machines:
      var machines = report.byRealServer(rates)
      if !word.isEmpty { machines = machines.filter { $0.matches(word) } }
      return .machines(drawing, machines.sorted(by: order))
    case .drift:
      var lines: [TextLine] = []
      report.forEachFault { lines.append($0) }
      return .lines(lines.flatMap { $0.wrapped(to: columns) })
    }
  }

  private func emptyWords(_ report: StatusReport) -> String {
    switch page {
    case .drift: report.drift == nil ? "Without a file there is nothing to differ from." : "No drift and no findings."
    case .services, .machines:
      filter.isEmpty
        ? "No virtual services." : "Nothing here has `\(filter)`: Esc shows all."
    }
  }

  private func footer(_ seen: Range<Int>, _ columns: Int) -> TextLine {
    if isTyping { return TextLine("/\(filter)_  Enter keeps the filter, Esc drops it", .reversed) }
    var line = TextLine()
    let place = rows.isEmpty ? "0 of 0" : "\(seen.lowerBound + 1)-\(seen.upperBound) of \(rows.count)"
    line.append(place, .bold)
    let isNarrowed = !filter.isEmpty && page != .drift
    if isNarrowed { line.append("  /\(shortened(filter, to: 20))", .yellow) }
    // A filter takes the room of two keys, which go on working.
    let middle = isNarrowed ? ["Esc all"] : ["/ filter", "d drift"]
    let turn = isNarrowed ? [] : ["t " + (page == .services ? "by server" : "back")]
    let keys =
      switch page {
      case .services: ["Enter servers", "s sort:\(order)"] + middle + turn + ["q quit"]
      case .machines: ["Enter services", "s sort:\(order)"] + middle + turn + ["q quit"]
      case .drift: ["d back", "t by server", "q quit"]
      }
    line.append("  " + keys.joined(separator: "  "), .dim)
    return line
  }
}

extension Array where Element: Equatable {
  /// The element behind another one, the first behind the last.
  fileprivate func element(after element: Element) -> Element {
    self[((firstIndex(of: element) ?? 0) + 1) % count]
  }
}

extension [ServerSummary] {
  /// In another order; what is equal keeps its own, which is by name.
  fileprivate func sorted(by order: StatusOrder) -> [ServerSummary] {
    switch order {
    case .state: sorted { $0.standing < $1.standing }
    case .name, .weight: self
    case .active: sorted { $0.active > $1.active }
    case .rate: sorted { $0.rates.connections > $1.rates.connections }
    }
  }
}
