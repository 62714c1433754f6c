import LVSModel
import LVSText

/// Turns the tape of a cluster file into its meaning, and records every fault on the way.
///
/// A value that is faulty is read as "present and unknown": rules that depend on it stay silent, so that one mistake
/// gives one diagnostic.
final class ClusterFileReader {
  let tape: YAMLTape
  let source: SourceText
  var faults: FaultCollector
  /// Whether `sysctls` may name some outside the network's folders.
  let allowsAnySysctl: Bool
  /// Held beside the collector, which is busy while it asks for a message.
  private let suggestions: SuggestionBudget

  /// The machines and pools by name, and what holds which address.
  var names = NameTable()
  /// The VIPs, in the order of their first mention once the file is read.
  var vips = VIPTable()
  /// The `sync` daemon, where the file has one.
  var sync: SyncDaemon?
  /// Where `sync` stands, also when it is faulty.
  var syncNode: Int?
  /// What `ignore` says, where the file has it.
  var ignored: IgnoredServices.Lookup?
  /// The members of a service that names none.
  lazy var allServers = allRealServers()
  /// What `defaults` says.
  var defaults = ServiceFields(node: 0)
  /// Which real servers a list has named; one table for all lists.
  var membership = Membership()
  /// The services found so far, and where.
  var services = ServiceList()
  var serviceNodes: [ServiceID: Int32] = [:]
  /// The settings of the last of them.
  var lastSettings = ServiceSettings()
  /// Kernel services and real servers in them.
  var entries = 0

  init(tape: YAMLTape, source: SourceText, faults: FaultCollector, allowsAnySysctl: Bool = false) {
    self.allowsAnySysctl = allowsAnySysctl
    self.tape = tape
    self.source = source
    self.faults = faults
    suggestions = faults.suggestions
  }

  /// The cluster file; meaningless where there are errors.
  func read() -> ClusterFile {
    var file = ClusterFile()
    let root = tape.resolved(0)
    guard tape[root].kind == .mapping else {
      reportNotACluster(root)
      return file
    }
    let fields = fields(of: root, TopKey.self)

    if let node = fields[.name] { file.name = name(node, of: "the cluster") ?? file.name }
    names.lacksDirectors = fields.misspelt.contains(.directors)
    names.isIncomplete = fields.misspelt.contains(.realServers) || fields.misspelt.contains(.pools)
    vips.isIncomplete = fields.misspelt.contains(.vips)
    readDirectors(fields, into: &file)
    readRealServers(fields, into: &file)
    readPools(fields)
    checkTwoRoles()
    checkOneRealServerPerDirector()
    checkOneDirectorPerRealServer()
    readVIPs(fields)
    if let node = fields[.ignore] {
      file.ignored = readIgnored(node)
      ignored = IgnoredServices.Lookup(file.ignored)
    }
    if let node = fields[.timeouts] { file.timeouts = readTimeouts(node) }
    readSync(fields)
    file.sync = sync
    if let node = fields[.sysctls] { file.sysctls = readSysctls(node) }
    readDefaults(fields)
    readServices(fields)

    file.services = services
    file.vips = vips.inFileOrder(tape: tape)
    return file
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

  // MARK: Faults

  /// Records a fault at a node.
  func report(
    _ code: FindingCode, severity: Finding.Severity = .error, at node: Int, _ message: @autoclosure () -> String,
    help: () -> String? = { nil }
  ) {
    let (start, end) = extent(of: node)
    faults.add(code, severity: severity, from: start, to: end, message, help: help)
  }

  /// Records a fault that a place shared by services (in `defaults`, behind an alias, in a pool) has for one of them.
  func reportOnce(
    _ code: FindingCode, severity: Finding.Severity = .error, of subject: Int? = nil, at node: Int,
    _ message: @autoclosure () -> String, help: () -> String? = { nil }
  ) {
    let (start, end) = extent(of: node)
    faults.addOnce(code, severity: severity, of: subject, from: start, to: end, message, help: help)
  }

  /// The characters to underline for a node: a scalar, a bracket, or the first key or element of an unbracketed one.
  private func extent(of node: Int) -> (start: UInt32, end: UInt32) {
    let here = tape[node]
    guard here.kind == .mapping || here.kind == .sequence, here.start == here.end, here.count > 0 else {
      return (here.start, here.end)
    }
    guard here.kind == .mapping else { return (here.start, here.start + 1) }
    return (here.start, tape[node + 1].end)
  }

  /// The line of a node, for a message that points to another place.
  func line(of node: Int) -> Int { source.position(ofCharacter: Int(tape[node].start)).line }

  /// `Did you mean X?`, or nil where nothing is near.
  func didYouMean<Words: Collection<String>>(_ word: String, among candidates: @autoclosure () -> Words) -> String? {
    nearest(to: word, among: candidates()).map { "Did you mean `\($0)`?" }
  }

  /// What to write in place of a word that is unknown where it stands: what a peer program calls so, or else the nearest
  /// word of the place; nil where neither is known. Its words are those of the place that are meant.
  func advice(
    on word: String, as place: PeerWords.Place, among candidates: [String]
  ) -> (help: String, words: [String])? {
    if let peers = PeerWords.meaning(of: word, as: place) { return peers }
    return nearest(to: word, among: candidates).map { ("Did you mean `\($0)`?", [$0]) }
  }

  /// The word that was probably meant; none once enough has been compared for one file.
  func nearest<Words: Collection<String>>(to word: String, among candidates: @autoclosure () -> Words) -> String? {
    guard !suggestions.isSpent else { return nil }
    return suggestions.nearest(to: word, among: candidates())
  }
}

/// A value of the file and where it stands; the value is nil where it is faulty, which has been reported.
struct Read<Value> {
  var node: Int
  var value: Value?
  /// Whether the file says `none`: there is no value then, and no fault.
  var isNone = false
}
