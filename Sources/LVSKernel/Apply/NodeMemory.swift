import Glibc
import LVSCore

/// What apply remembers of a node between runs: one small JSON file per cluster and node.
public struct NodeMemory: Equatable, Sendable {
  /// Sysctl → its value before the first apply.
  public var sysctls: [String: String] = [:]
  /// The process that waits for a confirmation, or nil.
  public var awaitingPID: Int32?

  /// Creates the memory of nothing.
  public init() {}

  /// Takes note of the values that a plan is about to replace, of those that are not remembered already.
  public mutating func note(_ changes: [Change]) {
    for case .sysctl(let name, let difference) in changes where sysctls[name] == nil {
      sysctls[name] = difference.before
    }
  }

  /// The document.
  var json: JSONText.Value {
    .object([
      ("format_version", .integer(1)),
      ("awaiting_pid", awaitingPID.map { .integer(Int($0)) } ?? .null),
      ("sysctls", .object(sysctls.sorted { $0.key < $1.key }.map { ($0, .string($1)) })),
    ])
  }

  /// Reads what ``json`` wrote.
  init?(_ bytes: [UInt8]) {
    guard let document = JSONText.value(of: bytes), document["format_version"] == .integer(1),
      let members = document["sysctls"]?.members
    else { return nil }
    for (name, value) in members {
      guard let text = value.text else { return nil }
      sysctls[name] = text
    }
    awaitingPID = document["awaiting_pid"]?.number()
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

  /// What is remembered, or nil where nothing is; throws where there is a file that cannot be read as one.
  public func read() throws(SystemError) -> NodeMemory? {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try contents(of: path)
    } catch {
      if error.errno == ENOENT { return nil }
      throw error
    }
    guard let memory = NodeMemory(bytes) else {
      throw SystemError(errno: nil, subject: path, details: "this is not a file that lvsctl wrote")
    }
    return memory
  }

  /// Writes the memory in place of what was there, whole or not at all.
  public func write(_ memory: NodeMemory) throws(SystemError) {
    if mkdir(directory, 0o755) != 0 && errno != EEXIST { throw SystemError(errno: errno, subject: directory) }
    try writeAtomically(Array((JSONText.pretty(memory.json) + "\n").utf8), to: path, mode: 0o600)
  }

  /// Forgets everything.
  public func remove() throws(SystemError) {
    if unlink(path) != 0 && errno != ENOENT { throw SystemError(errno: errno, subject: path) }
  }
}
