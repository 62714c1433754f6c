import LVSText

/// A scheduler by the name the kernel knows it by; the kernel may hold one this program has never heard of.
public struct Scheduler: Hashable, Sendable, CustomStringConvertible {
  /// The name, at most 15 bytes (IP_VS_SCHEDNAME_MAXLEN less its NUL).
  public var name: String

  /// Creates a scheduler from its kernel name.
  public init(_ name: String) { self.name = name }

  /// The scheduler of a service that names none, in the file as in ipvsadm(8).
  public static let wlc = Scheduler("wlc")

  /// Every scheduler of the kernel's own tree, in the order of ipvsadm(8).
  public static let known: [Scheduler] = [
    "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos",
  ].map(Scheduler.init)

  public var description: String { name }
}

/// Scheduler flags: three bits that each scheduler reads in its own way.
public struct SchedulerFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// IP_VS_SVC_F_SCHED1: `sh-fallback`, `mh-fallback`, `flag-1`.
  public static let flag1 = SchedulerFlags(rawValue: 0x0008)
  /// IP_VS_SVC_F_SCHED2: `sh-port`, `mh-port`, `flag-2`.
  public static let flag2 = SchedulerFlags(rawValue: 0x0010)
  /// IP_VS_SVC_F_SCHED3: `flag-3`.
  public static let flag3 = SchedulerFlags(rawValue: 0x0020)
  /// The three bits together.
  public static let all: SchedulerFlags = [.flag1, .flag2, .flag3]

  /// The flag of a word of the cluster file, or nil.
  public init?(word: String) {
    switch word {
    case "sh-fallback", "mh-fallback", "flag-1": self = .flag1
    case "sh-port", "mh-port", "flag-2": self = .flag2
    case "flag-3": self = .flag3
    default: return nil
    }
  }

  /// The words of the cluster file for these flags on a scheduler, in bit order.
  public func words(for scheduler: Scheduler) -> [String] {
    let own = scheduler.name == "sh" || scheduler.name == "mh"
    var words: [String] = []
    if contains(.flag1) { words.append(own ? "\(scheduler.name)-fallback" : "flag-1") }
    if contains(.flag2) { words.append(own ? "\(scheduler.name)-port" : "flag-2") }
    if contains(.flag3) { words.append("flag-3") }
    return words
  }
}

/// Which part of a client's address counts as one client to persistence.
public enum PersistenceMask: Hashable, Sendable {
  /// An IPv4 netmask, 32 bits in host order.
  case ipv4(UInt32)
  /// An IPv6 prefix length, 1 to 128.
  case ipv6(UInt32)

  /// The mask that tells single hosts apart, which is the kernel's and ipvsadm's default.
  public static func host(_ family: AddressFamily) -> PersistenceMask {
    family == .ipv4 ? .ipv4(.max) : .ipv6(128)
  }
}

/// How long, and by what, a client keeps the real server it was given.
public struct Persistence: Hashable, Sendable {
  /// Seconds since the client's last connection, 1 or more.
  public var timeout: UInt32
  /// The granularity of clients.
  public var netmask: PersistenceMask
  /// The persistence engine (`sip`), or nil for the client's address.
  public var engine: String?

  /// Creates a persistence setting.
  public init(timeout: UInt32, netmask: PersistenceMask, engine: String? = nil) {
    self.timeout = timeout
    self.netmask = netmask
    self.engine = engine
  }
}

extension Persistence {
  /// The seconds alone where nothing else is said, else a map.
  public var fieldValue: FieldValue {
    var fields = [Field("timeout", .integer(Int(timeout)))]
    switch netmask {
    case .ipv4(let bits) where bits != .max: fields.append(Field("netmask", .text(IPAddress(ipv4: bits).description)))
    case .ipv6(let length) where length != 128: fields.append(Field("netmask", .integer(Int(length))))
    case .ipv4, .ipv6: break
    }
    if let engine { fields.append(Field("engine", .text(engine))) }
    return fields.count == 1 ? .integer(Int(timeout)) : .map(fields)
  }
}

extension Persistence {
  init(_ part: JSONPart, family: AddressFamily) throws(JSONFault) {
    guard part.isObject else {
      self.init(timeout: try part.number(), netmask: .host(family))
      return
    }
    let fields = try part.fields(["timeout", "netmask", "engine"])
    self.init(
      timeout: try fields.required("timeout").number(), netmask: .host(family), engine: try fields["engine"]?.text())
    guard let mask = fields["netmask"] else { return }
    switch family {
    case .ipv4:
      let address = try mask.address()
      guard address.family == .ipv4 else { throw mask.fault("is not a netmask") }
      netmask = .ipv4(address.ipv4Bits)
    case .ipv6: netmask = .ipv6(try mask.number(in: 1...128))
    }
  }
}

extension Persistence {
  var ipvsadmWords: [String] {
    var words = ["-p", String(timeout)]
    switch netmask {
    case .ipv4(let bits) where bits != .max: words += ["-M", IPAddress(ipv4: bits).description]
    case .ipv6(let length) where length != 128: words += ["-M", String(length)]
    case .ipv4, .ipv6: break
    }
    return engine.map { words + ["--pe", $0] } ?? words
  }
}
