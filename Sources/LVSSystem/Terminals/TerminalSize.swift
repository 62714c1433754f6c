import Glibc

/// The size of a terminal, in characters.
public struct TerminalSize: Hashable, Sendable {
  public var rows: UInt16
  public var columns: UInt16

  /// Creates a size.
  public init(rows: UInt16, columns: UInt16) {
    self.rows = rows
    self.columns = columns
  }

  /// What a terminal has that does not know its own.
  public static let usual = TerminalSize(rows: 24, columns: 80)

  /// That of a terminal; nil where a descriptor is none, or it does not know.
  public init?(of terminal: Int32) {
    var size = winsize()
    guard ioctl(terminal, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 else { return nil }
    self.init(rows: size.ws_row, columns: size.ws_col)
  }

  /// Makes a terminal that large; whoever runs in its foreground gets a SIGWINCH.
  public func set(_ terminal: Int32) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
  }
}
