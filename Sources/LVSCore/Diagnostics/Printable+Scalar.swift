extension Printable {
  /// Whether a terminal would not show a character as itself: it controls, formats, turns the direction of writing, ends
  /// a line, or stands for nothing.
  static func changes(_ scalar: Unicode.Scalar) -> Bool {
    if (" "..<"\u{7f}").contains(scalar) { return false }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
    default: false
    }
  }
}

extension String {
  /// The text of some bytes as it is safe on a terminal; what is not UTF-8 is shown as U+FFFD.
  public init(printable bytes: ArraySlice<UInt8>) { self = Printable(bytes: bytes).text }
}
