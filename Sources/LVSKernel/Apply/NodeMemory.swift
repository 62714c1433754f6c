import Glibc
import LVSCore

/// What apply remembers of a node between runs: one small JSON file per cluster and node.
///
/// It is about the state of one network namespace since the machine's start; of another one it says nothing.
public struct NodeMemory: Equatable, Sendable {
  /// Sysctl → its value before the first apply.
  public var sysctls: [String: String] = [:]
  /// VIPs whose services are lvsctl's: the kernel has no mark for services.
  public var vips: Set<IPAddress> = []
  /// Firewall marks whose services are lvsctl's.
  public var fwmarks: Set<ServiceID> = []
  /// Network devices that were down, or not there, before they were first brought up.
  public var devices: Set<String> = []

  /// Creates the memory of nothing.
  public init() {}

  /// Takes note of what sysctls are before they are set, of those that are not remembered already.
  public mutating func note(_ names: some Sequence<String>, of observed: HostState) {
    for name in names where sysctls[name] == nil { sysctls[name] = observed.sysctls[name] }
  }

  /// Takes note of what sysctls were that were found only when they were set, of those that are not remembered already.
  public mutating func note(_ done: [Change]) {
    for case .sysctl(let name, let difference) in done where sysctls[name] == nil { sysctls[name] = difference.before }
  }

  /// Takes note of the devices that are down, or not there, before they are brought up.
  public mutating func note(_ links: [String: LinkSettings], of observed: HostState) {
    for (name, wanted) in links where wanted.isUp && observed.links[name]?.isUp != true { devices.insert(name) }
  }

  /// Takes note of what the services of a file hang on.
  public mutating func note(_ scope: Scope) {
    vips.formUnion(scope.vips)
    fwmarks.formUnion(scope.fwmarks)
  }

  /// Forgets what the services of earlier files hung on, now that they are gone; all of it stays after a run that left
  /// services alone.
  public mutating func keepOnly(_ scope: Scope) {
    guard scope.coversServices else { return }
    vips = scope.vips
    fwmarks = scope.fwmarks
  }

  /// What of it a teardown takes back: all of it, but for the director's where that part is left alone.
  public func part(of target: Target) -> NodeMemory {
    guard !target.scope.coversServices else { return self }
    var part = NodeMemory()
    part.sysctls = sysctls.filter { target.state.sysctls[$0.key] != nil }
    part.devices = devices
    return part
  }

  /// What is left to remember when a part was taken back, or nil where that is nothing.
  public func without(_ part: NodeMemory) -> NodeMemory? {
    var rest = self
    rest.sysctls = sysctls.filter { part.sysctls[$0.key] == nil }
    rest.devices.subtract(part.devices)
    rest.vips.subtract(part.vips)
    rest.fwmarks.subtract(part.fwmarks)
    return rest == NodeMemory() ? nil : rest
  }

  /// The document; `place` is the machine's start and the network namespace, as the kernel names them.
  func json(place: String) -> JSONText.Value {
    .object([
      ("format_version", .integer(1)),
      ("place", .string(place)),
      ("vips", .array(vips.sorted().map { .string($0.description) })),
      ("fwmarks", .array(fwmarks.sorted().map { .string($0.description) })),
      ("devices", .array(devices.sorted().map { .string($0) })),
      ("sysctls", .object(sysctls.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
    ])
  }

  /// Reads what ``json(place:)`` wrote.
  init?(_ document: JSONText.Value) {
    guard document["format_version"] == .integer(1), let members = document["sysctls"]?.members
    else { return nil }
    for (name, value) in members {
      guard let text = value.text else { return nil }
      sysctls[name] = text
    }
    vips = Set((document["vips"]?.elements ?? []).compactMap { $0.text.flatMap { IPAddress($0) } })
    fwmarks = Set((document["fwmarks"]?.elements ?? []).compactMap { $0.text.flatMap { ServiceID(fwmarkWords: $0) } })
    devices = Set((document["devices"]?.elements ?? []).compactMap(\.text))
  }
}

/// The file that holds a node's memory.
public struct NodeMemoryFile: Sendable {
  /// Where the files lie unless LVSCTL_STATE_DIR says otherwise.
  public static let standardDirectory = "/var/lib/lvsctl"

  /// The file's path.
  public let path: String
  private let directory: String

  /// The file for a node of a cluster; their names hold no slash.
  public init(cluster: String, node: String) {
    directory = getenv("LVSCTL_STATE_DIR").map { String(cString: $0) } ?? Self.standardDirectory
    path = "\(directory)/\(cluster).\(node).json"
  }

  /// What is remembered of this network namespace since the machine's start, or nil where nothing is.
  ///
  /// Throws where there is a file that cannot be read as one.
  public func read() throws(SystemError) -> NodeMemory? {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try contents(of: path)
    } catch {
      if error.errno == ENOENT { return nil }
      throw error
    }
    guard let document = JSONText.value(of: bytes), let memory = NodeMemory(document) else {
      throw SystemError(errno: nil, subject: path, details: "this is not a file that lvsctl wrote")
    }
    return document["place"]?.text == (try Self.place()) ? memory : nil
  }

  /// Writes the memory in place of what was there, whole or not at all.
  public func write(_ memory: NodeMemory) throws(SystemError) {
    if mkdir(directory, 0o755) != 0 && errno != EEXIST { throw SystemError(errno: errno, subject: directory) }
    try writeAtomically(
      Array((JSONText.pretty(memory.json(place: try Self.place())) + "\n").utf8), to: path, mode: 0o644)
  }

  private static func place() throws(SystemError) -> String {
    let start = Sysctl.normalized(try contents(of: "/proc/sys/kernel/random/boot_id"))
    var status = stat()
    guard stat("/proc/self/ns/net", &status) == 0 else { throw SystemError(errno: errno, subject: "/proc/self/ns/net") }
    return "\(start) \(status.st_ino)"
  }

  /// Forgets everything.
  public func remove() throws(SystemError) {
    if unlink(path) != 0 && errno != ENOENT { throw SystemError(errno: errno, subject: path) }
  }
}

extension Scope {
  /// Adds what an earlier file had.
  public mutating func takeOver(from memory: NodeMemory?) {
    guard let memory else { return }
    formerVIPs.formUnion(memory.vips)
    formerFwmarks.formUnion(memory.fwmarks)
  }
}

extension ServiceID {
  /// A fwmark service from its description, or nil.
  init?(fwmarkWords text: String) {
    let words = text.split(separator: " ")
    guard words.count == 3, words[0] == "fwmark", let mark = UInt32(words[1]),
      let family = AddressFamily.allCases.first(where: { $0.word == words[2] })
    else { return nil }
    self = .fwmark(mark, family)
  }
}
