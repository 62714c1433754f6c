import LVSText

/// A forwarding method, or a kind of tunnel, that this program does not know: the numbers of a kernel newer than it.
public struct UnknownForwarding: Hashable, Sendable {
  /// IP_VS_CONN_F_FWD_MASK: 0 to 7.
  public var method: UInt8
  /// IP_VS_CONN_F_TUNNEL_TYPE_*, where the method is tunneling; 0 otherwise.
  public var tunnelKind: UInt8
  /// The tunnel's port, 0 where there is none.
  public var port: UInt16
  /// IP_VS_TUNNEL_ENCAP_FLAG_*.
  public var flags: UInt16

  /// Creates a method from the kernel's numbers.
  public init(method: UInt8, tunnelKind: UInt8 = 0, port: UInt16 = 0, flags: UInt16 = 0) {
    self.method = method
    self.tunnelKind = tunnelKind
    self.port = port
    self.flags = flags
  }

  /// IP_VS_CONN_F_TUNNEL, the method of which the kind is the unknown.
  public static let tunneling: UInt8 = 2

  /// `tun` where the kind of tunnel is what is not known, otherwise `method-5`.
  var word: String { method == Self.tunneling ? "tun" : "method-\(method)" }

  /// A map of what is known of the tunnel: `type: kind-3`, the port, the flags as a number.
  var tunnelValue: FieldValue? {
    guard method == Self.tunneling else { return nil }
    var fields = [Field("type", .text("kind-\(tunnelKind)"))]
    if port != 0 { fields.append(Field("port", .integer(Int(port)))) }
    if flags != 0 { fields.append(Field("flags", .integer(Int(flags)))) }
    return .map(fields)
  }

  /// The number behind a word such as `method-5` or `kind-3`, or nil for another word.
  static func number(_ word: String, after prefix: String) -> UInt8? {
    guard word.hasPrefix(prefix), let number = UInt8(word.dropFirst(prefix.utf8.count)), "\(prefix)\(number)" == word
    else { return nil }
    return number
  }
}

extension ForwardingMethod {
  /// What a report shows of the tunnel, where there is one.
  var tunnelValue: FieldValue? {
    if case .unknown(let unknown) = self { unknown.tunnelValue } else { tunnel?.fieldValue }
  }
}

extension UnknownForwarding {
  /// What a newer kernel listed, or nil where this program knows the method and the tunnel.
  init?(_ fields: JSONMembers) throws(JSONFault) {
    let word = try fields.required("forward").string(atMost: 64) ?? ""
    if let method = Self.number(word, after: "method-") {
      self.init(method: method)
      return
    }
    guard word == "tun", let part = fields["tunnel"], part.isObject else { return nil }
    let tunnel = try part.fields(["type", "port", "flags"])
    guard let kind = tunnel["type"]?.string(atMost: 64).flatMap({ Self.number($0, after: "kind-") }) else {
      return nil
    }
    self.init(
      method: Self.tunneling, tunnelKind: kind, port: try tunnel["port"]?.number() ?? 0,
      flags: try tunnel["flags"]?.number() ?? 0)
  }
}
