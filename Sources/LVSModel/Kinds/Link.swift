import LVSText

/// What is known of a network interface.
public struct LinkSettings: Hashable, Sendable {
  /// IFF_UP.
  public var isUp: Bool

  /// Creates the settings of a link.
  public init(isUp: Bool) { self.isUp = isUp }
}

extension LinkSettings {
  public var fields: [Field] { [Field("up", .boolean(isUp))] }
}

extension LinkSettings {
  init(_ part: JSONPart) throws(JSONFault) { self.init(isUp: try part.fields(["up"]).required("up").boolean()) }

  /// The command of ip-link(8).
  static func commands(_ name: String, _ difference: Difference<LinkSettings>) -> [[String]] {
    [["ip", "link", "set", name, difference.after?.isUp == true ? "up" : "down"]]
  }
}
