/// What the file asks of a real server to know whether it is up; several together must all pass.
public struct Check: Hashable, Sendable {
  /// How it is asked.
  public var means: CheckMeans
  /// The address that is asked, or nil for the real server's own.
  public var address: IPAddress?
  /// The port that is asked, or nil for the real server's in its service.
  public var port: UInt16?
  /// Seconds from one question to the next, at least 1.
  public var interval: Int
  /// Seconds within which the answer has to be there, at least 1.
  public var timeout: Int
  /// Failures in a row that take an up server out, at least 1.
  public var fall: Int
  /// Passes in a row that bring a down server back, at least 1.
  public var rise: Int

  /// Creates a check.
  public init(
    _ means: CheckMeans, address: IPAddress? = nil, port: UInt16? = nil, interval: Int = Self.standardInterval,
    timeout: Int = Self.standardTimeout, fall: Int = Self.standardFall, rise: Int = Self.standardRise
  ) {
    self.means = means
    self.address = address
    self.port = port
    self.interval = interval
    self.timeout = timeout
    self.fall = fall
    self.rise = rise
  }

  /// Seconds between two questions where the file says nothing.
  public static var standardInterval: Int { 5 }
  /// Seconds for an answer where the file says nothing.
  public static var standardTimeout: Int { 3 }
  /// Failures in a row where the file says nothing.
  public static var standardFall: Int { 3 }
  /// Passes in a row where the file says nothing.
  public static var standardRise: Int { 2 }
}

/// How a real server is asked, and what it has to answer.
public enum CheckMeans: Hashable, Sendable {
  /// A TCP connection comes about.
  case tcp
  /// A request over HTTP, or HTTPS, is answered as it should be.
  indirect case http(HTTPCheck)
  /// A datagram is answered as it should be.
  indirect case udp(UDPCheck)
  /// A program, and its arguments, ends with 0; at least the program's path.
  indirect case exec([String])

  /// The word of the cluster file.
  public var word: String {
    switch self {
    case .tcp: "tcp"
    case .http(let http): http.isSecure ? "https" : "http"
    case .udp: "udp"
    case .exec: "exec"
    }
  }
}

/// A GET request and the answer that passes.
public struct HTTPCheck: Hashable, Sendable {
  /// Whether it goes over TLS.
  public var isSecure: Bool
  /// Whether the certificate has to be one that this machine trusts, for the name ``host``; of HTTPS alone.
  public var verifies: Bool
  /// The path with its query, `/` first.
  public var path: String
  /// The name for `Host:`, and for TLS the server name (SNI); nil for the address itself. It is never looked up.
  public var host: String?
  /// The statuses that pass, 100 to 599.
  public var status: [ClosedRange<Int>]
  /// A text that the body has to contain, within the beginning that is read of it; nil where any body will do.
  public var body: String?

  /// Creates a request.
  public init(
    isSecure: Bool = false, verifies: Bool = false, path: String = "/", host: String? = nil,
    status: [ClosedRange<Int>] = [200...299], body: String? = nil
  ) {
    self.isSecure = isSecure
    self.verifies = verifies
    self.path = path
    self.host = host
    self.status = status
    self.body = body
  }
}

/// A datagram and the answer that passes.
///
/// With ``expect`` an answer has to contain it; with ``send`` alone there has to be one; with neither an empty datagram is
/// sent, and only an ICMP error that comes back within the time fails, as for keepalived's UDP_CHECK.
public struct UDPCheck: Hashable, Sendable {
  /// What is sent, in UTF-8; nil for an empty datagram.
  public var send: String?
  /// What the answer has to contain, in UTF-8; nil where it does not matter.
  public var expect: String?

  /// Creates a datagram.
  public init(send: String? = nil, expect: String? = nil) {
    self.send = send
    self.expect = expect
  }

  /// Whether it takes an answer to pass.
  public var needsAnswer: Bool { send != nil || expect != nil }
}
