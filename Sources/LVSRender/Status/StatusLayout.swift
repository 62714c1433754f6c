import LVSText

/// The columns of a status, by the width of the screen alone: what the data is neither moves nor renames one.
struct StatusLayout {
  /// A column between the name and the state; the raw value is its heading.
  enum Column: String {
    case services = "serves in"
    case forward = "fwd"
    case weight
    case active
    case inactive = "inact"
    case persistent = "pers"
    case connectionRate = "conn/s"
    case packetRateIn = "in pkt/s"
    case byteRateIn = "in B/s"
    case packetRateOut = "out pkt/s"
    case byteRateOut = "out B/s"
    case connections = "total"
    case left
    case thresholds = "low-high"
    case share
    case shareBar = "share|weight"
    case minute = "conn/s of a minute"

    /// How wide it is.
    var width: Int {
      switch self {
      case .forward: 3
      case .share: 5
      case .shareBar: 17
      case .thresholds: 11
      case .minute: Spark.width
      default: max(6, rawValue.utf8.count)
      }
    }

    /// Whether it begins at its left.
    var isText: Bool { self == .forward || self == .shareBar || self == .minute }
  }

  /// The columns.
  let columns: [Column]
  /// How wide the names are.
  let nameWidth: Int
  /// How wide the states are; nil where they may be as long as they are.
  let stateWidth: Int?

  /// The columns for a screen so wide; one without a width is a pipe or a file, where nobody cuts what follows the last
  /// column. `hasHistory` is whether there is one, which a single look has not.
  init(width: Int?, hasHistory: Bool) {
    let columns: [Column]
    switch width ?? Self.unlimited {
    case ..<60: columns = [.active, .connectionRate]
    case ..<100: columns = [.weight, .active, .inactive, .connectionRate, .byteRateIn]
    case ..<160:
      columns = [
        .forward, .weight, .active, .inactive, .connectionRate, .byteRateIn, .byteRateOut, .connections, .share,
      ]
    default:
      columns =
        [
          .forward, .weight, .active, .inactive, .persistent, .connectionRate, .packetRateIn, .byteRateIn,
          .packetRateOut,
          .byteRateOut, .connections, .thresholds, .shareBar,
        ] + (hasHistory ? [.minute] : [])
    }
    self.init(columns, width: width)
  }

  /// The columns of real servers over all services.
  init(forServersIn width: Int) {
    let columns: [Column] =
      switch width {
      case ..<60: [.active, .left]
      case ..<100: [.services, .active, .inactive, .left, .connectionRate]
      default:
        [.services, .active, .inactive, .left, .connectionRate, .packetRateIn, .byteRateIn, .byteRateOut, .connections]
      }
    self.init(columns, width: width)
  }

  private static let unlimited = 120

  private init(_ columns: [Column], width: Int?) {
    self.columns = columns
    let room = max(width ?? Self.unlimited, 20)
    // The sign with a blank, and a blank in front of the state.
    let rest = max(8, room - 3 - columns.reduce(0) { $0 + 1 + $1.width })
    nameWidth = min(44, rest * 3 / 5)
    stateWidth = width == nil ? nil : rest - nameWidth
  }

  /// A line of the table.
  ///
  /// Of the names, the longest first, the first that finds room is shown; of the last one the middle gives way.
  func line(
    sign: String = " ", indent: Int = 0, isMarked: Bool = false, names: [String], state: String,
    _ ink: Style.Ink? = nil, _ cell: (Column) -> String
  ) -> TextLine {
    let room = nameWidth - indent
    let name = names.first { displayColumns($0) <= room } ?? shortened(names.last ?? "", to: room)
    var text = sign + (isMarked ? Self.mark : " ") + blanks(indent) + name + blanks(room - displayColumns(name))
    for column in columns {
      let shown = cell(column)
      let padding = blanks(column.width - displayColumns(shown))
      text += column.isText ? " " + shown + padding : " " + padding + shown
    }
    let last = stateWidth.map { cut(state, to: $0) } ?? state
    text += " " + last
    while text.hasSuffix(" ") { text.removeLast() }
    return TextLine(text, ink)
  }

  /// What stands beside the sign of the row that keys are about.
  static let mark = "►"

  /// The headings.
  func titles(_ name: String) -> TextLine {
    line(names: [name], state: "state", .dim) { column in
      column.rawValue.utf8.count <= column.width ? column.rawValue : String(column.rawValue.prefix(column.width))
    }
  }

  private func cut(_ text: String, to columns: Int) -> String {
    displayColumns(text) <= columns ? text : Printable(text).first(max(0, columns - 1)) + "…"
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }
}
