import Glibc

/// The size of a terminal, in characters.
struct TerminalSize: Hashable {
  var rows: UInt16
  var columns: UInt16

  init(rows: UInt16, columns: UInt16) {
    self.rows = rows
    self.columns = columns
  }

  /// That of a terminal; the usual one where it does not know.
  init(of terminal: Int32) {
    var size = winsize()
    let isKnown = ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 && size.ws_col > 0
    self.init(rows: isKnown ? size.ws_row : 24, columns: isKnown ? size.ws_col : 80)
  }

  /// Makes a terminal that large; whoever runs in its foreground gets a SIGWINCH.
  func set(_ terminal: Int32) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
  }

  /// As four bytes.
  var bytes: [UInt8] { [rows, columns].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] } }

  init?(bytes: some Collection<UInt8>) {
    let bytes = bytes.map(UInt16.init)
    guard bytes.count == 4 else { return nil }
    self.init(rows: bytes[0] << 8 | bytes[1], columns: bytes[2] << 8 | bytes[3])
  }
}
