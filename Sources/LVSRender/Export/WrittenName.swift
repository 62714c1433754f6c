import LVSText

/// A name or path of this side that another program's configuration cannot hold as it is.
public struct UnwritableName: Error, Equatable, MessageConvertible {
  /// What it is: `the interface`.
  var what: Message
  /// The name itself.
  var name: String
  /// Whose configuration it was for.
  var file: Message

  /// What was found, and what to do.
  public var message: Message {
    """
    \(what) \(name.quoted) cannot be written to \(file): only letters, digits and . _ - : / mean themselves \
    there. Give it another name.
    """
  }
}

/// A name as it stands in a configuration without quotes; whoever reads that takes some characters for more than themselves.
func written(_ name: String, _ what: Message, in file: Message) throws(UnwritableName) -> String {
  let isPlain = name.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "/"): true
    default: false
    }
  }
  guard isPlain, !name.isEmpty else { throw UnwritableName(what: what, name: name, file: file) }
  return name
}
