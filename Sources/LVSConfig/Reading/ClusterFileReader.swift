import LVSModel
import LVSText

/// Turns the tape of a cluster file into a draft: what can be told of each value by itself, or by the map it stands in.
///
/// A value that is faulty is read as "present and unknown": rules that depend on it stay silent, so that one mistake
/// gives one diagnostic.
final class ClusterFileReader {
  let tape: YAMLTape
  let faults: FileFaults
  /// Whether `sysctls` may name some outside the network's folders.
  let allowsAnySysctl: Bool

  var draft = ClusterDraft()
  /// What stands behind aliases, by the node that they lead to: it is read once, and shared.
  var sharedVIPs: [Int: [PlacedVIP]?] = [:]
  var sharedPorts: [Int: [PortRange]?] = [:]
  var sharedFwmarks: [Int: [FwmarkRange]?] = [:]
  var sharedMembers: [Int: [MemberDraft]?] = [:]
  var sharedPools: [Int: [Placed<String>]?] = [:]
  var sharedServices: [Int: ServiceDraft?] = [:]
  var sharedChecks: [Int: ChecksDraft?] = [:]
  /// The lists of checks so far, each of them once.
  var knownChecks: Set<[Check]> = []

  init(tape: YAMLTape, faults: FileFaults, allowsAnySysctl: Bool = false) {
    self.allowsAnySysctl = allowsAnySysctl
    self.tape = tape
    self.faults = faults
  }

  /// The draft; empty where the file holds no cluster.
  func read() -> ClusterDraft {
    let root = tape.resolved(0)
    guard tape[root].kind == .mapping else {
      reportNotACluster(root)
      return draft
    }
    let fields = keyedNodes(of: root, TopKey.self)
    draft.name = placed(.name, fields) { name($0, of: "the cluster") }
    draft.lacksDirectors = fields.misspelt.contains(.directors)
    draft.lacksRealServers = fields.misspelt.contains(.realServers) || fields.misspelt.contains(.pools)
    draft.lacksVIPs = fields.misspelt.contains(.vips)
    draft.directors = readDirectors(fields)
    draft.realServers = placed(.realServers, fields) { realServers($0) }
    draft.pools = placed(.pools, fields) { pools($0) }
    draft.vips = placed(.vips, fields) { vips($0) }
    draft.ignored = placed(.ignore, fields) { ignored($0) }
    draft.vrrp = placed(.vrrp, fields) { vrrp($0) }
    draft.timeouts = placed(.timeouts, fields) { timeouts($0) }
    draft.sync = placed(.sync, fields) { sync($0) }
    draft.sysctls = placed(.sysctls, fields) { sysctls($0) }
    draft.defaults = placed(.defaults, fields) { defaults($0) }
    draft.services = readServices(fields)
    return draft
  }

  private func reportNotACluster(_ root: Int) {
    guard tape[root].kind != .faulty else { return }
    guard !tape.isNull(root) else {
      // Of several documents the cluster may well be in another one.
      guard !faults.hasErrors else { return }
      report(.emptyFile, at: root, "The file holds no cluster: it is empty, or has only comments.") {
        "A cluster file has at least `directors` and `services`."
      }
      return
    }
    let form = tape[root].kind == .sequence ? "a list" : "plain text"
    report(.wrongForm, at: root, "The file is \(form), and a cluster file is a map.") {
      "Begin lines with a key such as `directors:`, `real_servers:` or `services:`."
    }
  }

  // MARK: Values

  /// What a map has for a key: nil where it does not have it.
  func placed<Key: FileKey, Value>(_ key: Key, _ fields: KeyedNodes<Key>, _ value: (Int) -> Value?) -> Placed<Value>? {
    if let node = fields[key] { return Placed(value(node), at: place(of: node)) }
    return fields.none(key).map { .none(at: place(of: $0)) }
  }

  /// The same of a key that the map must have; its absence is reported.
  func required<Key: FileKey, Value>(
    _ key: Key, _ fields: KeyedNodes<Key>, help: Message, _ value: (Int) -> Value?
  ) -> Placed<Value>? {
    required(key, in: fields, help: help).map { Placed(value($0), at: place(of: $0)) }
  }

  /// A value that is read once however many aliases lead to it: each would take the memory that it unfolds to.
  func shared<Value>(
    _ known: ReferenceWritableKeyPath<ClusterFileReader, [Int: Value?]>, _ node: Int, _ value: (Int) -> Value?
  ) -> Value? {
    guard tape[node].kind == .alias else { return value(node) }
    let resolved = tape.resolved(node)
    if let known = self[keyPath: known][resolved] { return known }
    let value = value(node)
    self[keyPath: known][resolved] = .some(value)
    return value
  }

  // MARK: Faults

  /// Records a fault at a node.
  func report(
    _ code: FindingCode, severity: Finding.Severity = .error, at node: Int, _ message: @autoclosure () -> Message,
    help: () -> Message? = { nil }
  ) {
    faults.report(code, severity: severity, at: place(of: node), message(), help: help)
  }

  /// The characters to underline for a node: a scalar, a bracket, or the first key or element of an unbracketed one.
  func place(of node: Int) -> Place {
    let here = tape[node]
    guard here.kind == .mapping || here.kind == .sequence, here.start == here.end, here.count > 0 else {
      return Place(from: here.start, to: here.end)
    }
    guard here.kind == .mapping else { return Place(from: here.start, to: here.start + 1) }
    return Place(from: here.start, to: tape[node + 1].end)
  }

  /// The line of a node, for a message that points to another place.
  func line(of node: Int) -> Int { faults.line(ofCharacter: tape[node].start) }

  /// What to write in place of a word that is unknown where it stands.
  func advice(
    on word: String, as place: PeerWords.Place, among candidates: [String]
  ) -> (help: Message, words: [String])? {
    faults.advice(on: word, as: place, among: candidates)
  }
}
