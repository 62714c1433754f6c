/// A key that a watch knows.
public enum WatchKey: Hashable, Sendable {
  case up, down, pageUp, pageDown, home, end
  case enter, escape, backspace
  /// What prints, a character each.
  case text(Character)

  /// The keys in some bytes of a terminal that came together.
  ///
  /// The sequences are those of xterm and the Linux console (ctlseqs(ms), console_codes(4)); others are passed over whole,
  /// and an escape with nothing behind it is that key.
  public static func keys(in bytes: [UInt8]) -> [WatchKey] {
    var keys: [WatchKey] = []
    var rest = bytes[...]
    while let byte = rest.first {
      if byte == 0x1b {
        keys += sequence(&rest)
        continue
      }
      if byte >= 0x20 && byte != 0x7f {
        let text = rest.prefix { $0 >= 0x20 && $0 != 0x7f }
        rest.removeFirst(text.count)
        keys += String(decoding: text, as: UTF8.self).map(WatchKey.text)
        continue
      }
      rest.removeFirst()
      switch byte {
      case 0x0d, 0x0a: keys.append(.enter)
      case 0x7f, 0x08: keys.append(.backspace)
      // ^B and ^F, ^P and ^N, as in less(1).
      case 0x02: keys.append(.pageUp)
      case 0x06: keys.append(.pageDown)
      case 0x10: keys.append(.up)
      case 0x0e: keys.append(.down)
      default: break
      }
    }
    return keys
  }

  /// Takes a sequence that begins with an escape.
  private static func sequence(_ rest: inout ArraySlice<UInt8>) -> [WatchKey] {
    rest.removeFirst()
    guard let kind = rest.first, kind == UInt8(ascii: "[") || kind == UInt8(ascii: "O") else { return [.escape] }
    rest.removeFirst()
    // Parameters and intermediate bytes, then the one that ends it (ECMA-48, 5.4).
    let parameters = rest.prefix { (0x20...0x3f).contains($0) }
    rest.removeFirst(parameters.count)
    guard let last = rest.popFirst() else { return [] }
    switch (last, String(decoding: parameters, as: UTF8.self)) {
    case (UInt8(ascii: "A"), _): return [.up]
    case (UInt8(ascii: "B"), _): return [.down]
    case (UInt8(ascii: "H"), _), (UInt8(ascii: "~"), "1"), (UInt8(ascii: "~"), "7"): return [.home]
    case (UInt8(ascii: "F"), _), (UInt8(ascii: "~"), "4"), (UInt8(ascii: "~"), "8"): return [.end]
    case (UInt8(ascii: "~"), "5"): return [.pageUp]
    case (UInt8(ascii: "~"), "6"): return [.pageDown]
    case (UInt8(ascii: "M"), ""): return [.enter]
    default: return []
    }
  }
}
