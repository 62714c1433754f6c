import LVSSystem

extension TerminalSize {
  /// As four bytes.
  var bytes: [UInt8] { [rows, columns].flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] } }

  init?(bytes: some Collection<UInt8>) {
    let bytes = bytes.map(UInt16.init)
    guard bytes.count == 4 else { return nil }
    self.init(rows: bytes[0] << 8 | bytes[1], columns: bytes[2] << 8 | bytes[3])
  }
}
