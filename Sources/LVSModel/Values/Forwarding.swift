import LVSText

/// How the inner packet is wrapped on its way to a real server behind a tunnel.
public struct Tunnel: Hashable, Sendable {
  /// The kinds of tunnel (IP_VS_CONN_F_TUNNEL_TYPE_*).
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// IP in IP.
    case ipip = 0
    /// Generic UDP encapsulation.
    case gue = 1
    /// Generic routing encapsulation.
    case gre = 2

    /// The word of the cluster file.
    public var word: String {
      switch self {
      case .ipip: "ipip"
      case .gue: "gue"
      case .gre: "gre"
      }
    }
  }

  /// Checksums of the outer header (IP_VS_TUNNEL_ENCAP_FLAG_*).
  public enum Checksum: UInt16, Sendable, CaseIterable {
    /// No checksum.
    case none = 0
    /// A checksum over the packet.
    case csum = 1
    /// Remote checksum offload, GUE only.
    case remcsum = 2

    /// The word of the cluster file.
    public var word: String {
      switch self {
      case .none: "none"
      case .csum: "csum"
      case .remcsum: "remcsum"
      }
    }
  }

  /// The kind of tunnel.
  public var kind: Kind
  /// The UDP destination port of GUE, 1 or more; 0 for the others.
  public var port: UInt16
  /// Checksums of the outer header.
  public var checksum: Checksum

  /// Creates a tunnel, by default the plain `ipip` of ipvsadm(8) `-i`.
  public init(kind: Kind = .ipip, port: UInt16 = 0, checksum: Checksum = .none) {
    self.kind = kind
    self.port = port
    self.checksum = checksum
  }
}

/// How packets reach a real server (IP_VS_CONN_F_FWD_MASK).
public enum ForwardingMethod: Hashable, Sendable {
  /// Direct routing: the frame goes to the real server's MAC address (IP_VS_CONN_F_DROUTE).
  case dr
  /// Network address translation (IP_VS_CONN_F_MASQ).
  case nat
  /// Tunneling (IP_VS_CONN_F_TUNNEL).
  case tun(Tunnel)
  /// This machine is the real server (IP_VS_CONN_F_LOCALNODE); found in kernels' tables, never written.
  case local
  /// A transparent-cache bypass (IP_VS_CONN_F_BYPASS); found in kernels' tables, never written.
  case bypass
  /// What a newer kernel lists and no file can say; written only to put back what was found.
  case unknown(UnknownForwarding)

  /// The word of the cluster file, or of ipvsadm(8) for what the file cannot say.
  public var word: String {
    switch self {
    case .dr: "dr"
    case .nat: "nat"
    case .tun: "tun"
    case .local: "local"
    case .bypass: "bypass"
    case .unknown(let unknown): unknown.word
    }
  }

  /// The tunnel, where there is one.
  public var tunnel: Tunnel? {
    if case .tun(let tunnel) = self { tunnel } else { nil }
  }
}

extension Tunnel {
  /// A map of the kind and what it needs.
  var fieldValue: FieldValue {
    var fields = [Field("type", .text(kind.word))]
    if port != 0 { fields.append(Field("port", .integer(Int(port)))) }
    if checksum != .none { fields.append(Field("checksum", .text(checksum.word))) }
    return .map(fields)
  }
}

extension Tunnel {
  init(_ part: JSONPart) throws(JSONFault) {
    let fields = try part.fields(["type", "port", "checksum"])
    self.init(
      kind: try fields.required("type").word(Kind.allCases, \.word), port: try fields["port"]?.number() ?? 0,
      checksum: try fields["checksum"]?.word(Checksum.allCases, \.word) ?? .none)
  }
}

extension ForwardingMethod {
  var ipvsadmWords: [String] {
    switch self {
    case .dr, .local, .bypass: return ["-g"]
    case .nat: return ["-m"]
    // Of no step of a plan: a file cannot want it.
    case .unknown: return []
    case .tun(let tunnel):
      if tunnel == Tunnel() { return ["-i"] }
      var words = ["-i", "--tun-type", tunnel.kind.word]
      if tunnel.kind == .gue { words += ["--tun-port", String(tunnel.port)] }
      switch tunnel.checksum {
      case .none: words.append("--tun-nocsum")
      case .csum: words.append("--tun-csum")
      case .remcsum: words.append("--tun-remcsum")
      }
      return words
    }
  }
}
