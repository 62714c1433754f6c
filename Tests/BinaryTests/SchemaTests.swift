import Glibc
import LVSConfig
import LVSModel
import LVSPlan
import LVSText
import Testing

/// The JSON Schemas under Examples, held against real output and against the reader of cluster files by a validator that
/// lvsctl did not write (Tests/schemas/validate).
struct SchemaTests {
  /// What the validator says of each file: `ok`, `refused: …` or `unreadable: …`, by the file's name.
  private func verdicts(_ schema: String, _ files: [String]) throws -> [String: String] {
    let words =
      (["\(projectFolder)/Tests/schemas/validate", "\(projectFolder)/Examples/\(schema).schema.json"] + files)
      .map { "'\($0)'" }
    let ending = try shell(words.joined(separator: " "))
    #expect(ending.status == 0, "\(ending.output)")
    var verdicts: [String: String] = [:]
    for line in ending.output.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      let name = words[0].split(separator: "/").last.map(String.init) ?? ""
      verdicts[name] = words.count == 2 ? String(words[1]) : ""
    }
    return verdicts
  }

  /// Holds documents against a schema.
  private func check(
    _ schema: String, _ documents: [JSONText.Value], areValid: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try withTemporaryFolder { folder in
      let files = documents.indices.map { "\(folder)/\($0).json" }
      for (file, document) in zip(files, documents) { try write(JSONText.pretty(document), to: file) }
      let verdicts = try verdicts(schema, files)
      #expect(verdicts.count == documents.count, sourceLocation: sourceLocation)
      for (name, verdict) in verdicts {
        #expect((verdict == "ok") == areValid, "\(name): \(verdict)", sourceLocation: sourceLocation)
      }
    }
  }

  /// The file with every feature.
  private func rich() throws -> ClusterFile { try #require(ClusterFile.read(Array(Classic.rich.utf8)).file) }

  @Test func `plans are what their schema says`() throws {
    var plans = [try Plans.drift(), try Plans.weights(), try Plans.many(), try Plans.names()]
    for name in ["director1", "director2", "web1"] {
      plans.append(try Plans.first(name))
      plans.append(try Plans.plan(name, from: HostState(), file: rich()))
      plans.append(try Plans.plan(name, from: Classic.target(name).state))
    }
    let rich = try rich()
    for node in rich.nodes {
      let target = rich.target(for: node)
      let plan = Planner.teardown(target, observed: target.state, memory: .of(sysctls: ["net.ipv4.ip_forward": "1"]))
      plans.append(NodePlan(cluster: "rich", node: node.name, role: node.roleWord, plan: plan))
    }
    var kinds: Set<String> = []
    for change in plans.flatMap(\.plan.changes) { kinds.insert("\(change.action.rawValue) \(change.kind)") }
    for kind in ["create module", "update sysctl", "create link", "delete address", "delete route", "update service"] {
      #expect(kinds.contains(kind))
    }
    plans[0].findings = FindingCode.examined.map { code in
      Finding(code, .warning, node: "n", subject: "s", "So.", facts: [Finding.Fact("via", "10.0.0.1")], help: "Do.")
    }
    plans[0].findings.append(Finding(.linkDown, .note, node: nil, subject: "s", "It is so."))
    try check("plan", plans.map(\.json) + [plans.json])
  }

  @Test func `a plan of any two states is what its schema says`() throws {
    var documents: [JSONText.Value] = []
    for seed in 1...60 as ClosedRange<UInt64> {
      var states = RandomStates(seed: seed)
      let (before, after) = (states.state(), states.state())
      var target = Target(state: after, scope: Scope(vips: [], coversSyncDaemons: true))
      target.state.addresses = [:]
      let plan = try Planner.plan(target, observed: before, prune: true)
      let role = seed.isMultiple(of: 2) ? "director" : nil
      documents.append(NodePlan(cluster: "c", node: "n", role: role, plan: plan).json)
    }
    try check("plan", documents)
  }

  @Test func `a run that failed is what the plan's schema says, also before there was a plan`() throws {
    var early = UnfinishedRun(message: "It is so.")
    var documents = [early.json]
    early.cluster = "c"
    documents.append(early.json)
    for seed in 1...20 as ClosedRange<UInt64> {
      var states = RandomStates(seed: seed)
      let (before, after) = (states.state(), states.state())
      var target = Target(state: after, scope: Scope(vips: [], coversSyncDaemons: true))
      target.state.addresses = [:]
      var run = UnfinishedRun(message: "The kernel refused a step.")
      (run.cluster, run.node, run.role) = ("c", "n", "standby+realserver")
      run.plan = try Planner.plan(target, observed: before, prune: true)
      run.errno = 22
      run.steps.refused = run.plan.changes.last
      run.steps.done = run.plan.changes.dropLast()
      run.steps.uncertain = run.plan.changes.suffix(2)
      run.steps.undone = Undo.changes(for: run.steps.done, before: before)
      run.steps.isTakenBack = seed.isMultiple(of: 2)
      run.steps.remains = Undo.remains(of: run.plan.changes, before: before, after: target.state)
      documents.append(run.json)
    }
    try check("plan", documents)
    let members = try #require(early.json.members)
    try check(
      "plan", members.map { missing in JSONText.Value.object(members.filter { $0.0 != missing.0 }) }, areValid: false)
  }

  @Test func `a snapshot of any state is what its schema says`() throws {
    var documents: [JSONText.Value] = []
    for seed in 1...60 as ClosedRange<UInt64> {
      var states = RandomStates(seed: seed)
      let state = states.state()
      var rules = RandomRules(seed: seed)
      documents.append(
        Snapshot(
          cluster: "c", node: "n", role: "standby+realserver", state: state, withheldSysctls: ["net.ipv4.secret"],
          memory: states.memory(), health: rules.health()
        ).json)
      documents.append(Snapshot(state: state).json)
    }
    try check("snapshot", documents)
  }

  @Test func `what status says is what its schema says`() throws {
    let identity = StatusReports.identity
    let drift = StatusReport.Drift(
      changes: Changes.ofEachKind, unmanaged: [.fwmark(3, .ipv6)],
      conflicts: [
        Finding(.foreignVIP, .error, node: nil, subject: "10.0.0.1/32 dev lo", "It is on another interface.")
      ])
    var reports = [
      StatusReport(ipvs: nil), StatusReports.classic(drift: drift), StatusReports.classic(estimatesRates: false),
      StatusReports.classic(identity: nil, drift: nil), StatusReports.unhealthy(), StatusReports.realServer(),
      StatusReports.fleet(40), StatusReports.fleet(4).withDriftInPlace(),
    ]
    reports[0].findings = FindingCode.examined.map { Finding($0, .error, node: nil, subject: "s", "So.") }
    var counters = ServiceCounters()
    counters.traffic.bytesIn = .max
    for seed in 1...60 as ClosedRange<UInt64> {
      var states = RandomStates(seed: seed)
      let state = states.state()
      reports.append(
        StatusReport(
          identity: seed.isMultiple(of: 2) ? identity : nil, ipvs: StatusReports.ipvs, syncDaemons: state.syncDaemons,
          services: state.services, counters: state.services.mapValues { _ in counters }))
    }
    try check("status", reports.map(\.json))
    let document = StatusReports.classic().json
    let members = try #require(document.members)
    let without = members.map { missing in JSONText.Value.object(members.filter { $0.0 != missing.0 }) }
    let wrong = members.map { changed in
      JSONText.Value.object(members.map { $0.0 == changed.0 ? ($0.0, .array([.integer(1)])) : $0 })
    }
    try check("status", without + wrong, areValid: false)
  }

  @Test func `documents with something wrong are refused`() throws {
    func object(_ text: String) throws -> JSONText.Value { try #require(JSONText.value(of: Array(text.utf8))) }
    let head = #""format_version": 1, "cluster": "c", "node": "n", "role": "director""#
    let end = #""unmanaged": [], "summary": { "create": 0, "update": 0, "delete": 0 }, "findings": []"#
    func plan(_ change: String) -> String { "{ \(head), \"changes\": [\(change)], \(end) }" }
    let wrong = [
      "{}", #"{ "format_version": 1, "nodes": [{}] }"#,
      plan(#"{ "action": "create", "kind": "service", "id": "tcp 10.0.0.1:80", "before": {}, "after": {} }"#),
      plan(#"{ "action": "delete", "kind": "module", "id": "x", "before": {}, "after": { "x": 1 } }"#),
      plan(#"{ "action": "update", "kind": "thing", "id": "x", "before": {}, "after": {} }"#),
      plan(#"{ "action": "create", "kind": "service", "id": "tcp 10.0.0.1", "before": null, "after": {} }"#),
      plan(#"{ "action": "create", "kind": "sysctl", "id": "x", "before": null, "after": { "value": 1 } }"#),
    ]
    try check("plan", try wrong.map(object), areValid: false)
    var states = RandomStates(seed: 7)
    let snapshot = Snapshot(cluster: "c", node: "n", role: "director", state: states.state()).json
    let members = try #require(snapshot.members)
    let without = members.map { missing in JSONText.Value.object(members.filter { $0.0 != missing.0 }) }
    try check("snapshot", without, areValid: false)
    try check(
      "validate", [try object(#"{ "format_version": 1, "file": "f", "valid": false, "diagnostics": [] }"#)],
      areValid: false)
  }

  @Test func `what validate prints of every file is what its schema says`() throws {
    let files = ["Faults", "Valid"].flatMap { name in
      fileNames(in: "\(projectFolder)/Tests/PureTests/\(name)", endingIn: ".conf").map {
        "\(projectFolder)/Tests/PureTests/\(name)/\($0).conf"
      }
    }
    try withTemporaryFolder { folder in
      for (index, file) in files.enumerated() {
        _ = try shell("'\(lvsctlPath)' validate --format json '\(file)' > '\(folder)/\(index).json'")
      }
      let verdicts = try verdicts("validate", files.indices.map { "\(folder)/\($0).json" })
      #expect(verdicts.count == files.count)
      for (name, verdict) in verdicts { #expect(verdict == "ok", "\(name)") }
    }
  }

  // MARK: The cluster file

  @Test func `the schema takes every good cluster file`() throws {
    let folders = ["\(projectFolder)/Examples", "\(projectFolder)/Tests/PureTests/Valid"]
    let files = folders.flatMap { folder in
      fileNames(in: folder, endingIn: ".conf").map { "\(folder)/\($0).conf" }
    }
    for file in files { #expect(ClusterFile.read(try contents(of: file)).file != nil, "\(file)") }
    let verdicts = try verdicts("cluster", files)
    #expect(verdicts.count == files.count)
    for (name, verdict) in verdicts { #expect(verdict == "ok", "\(name)") }
  }

  /// Faulty files that the schema takes, each with the reason why a schema cannot tell.
  static let beyondTheSchema = [
    "check-port": "the check may come from `defaults`",
    "defaults-do-not-fit": "what a default does to a service depends on the service",
    "fallback": "what a name stands for is known by the rest of the file",
    "ignored-service": "networks across lists",
    "local-forward": "what a name stands for is known by the rest of the file",
    "mixed-families": "the family of a real server is known by its name only",
    "mixed-families-with-sync": "the family of a real server is known by its name only",
    "not-a-real-server": "what a name stands for is known by the rest of the file",
    "one-packet": "the protocol may come from `defaults`",
    "others-health": "`weights` may come from `defaults`",
    "port-mismatch": "the forwarding method may come from `defaults`",
    "port-zero": "persistence may come from `defaults`",
    "quorum-too-large": "how many real servers a service has may come from `defaults`",
    "vrrp-address": "the family of VIPs may be known by the rest of the file",
    "vrrp-without-vip": "VIPs may be named by services",
    "repeated-address": "uniqueness across entries",
    "repeated-name": "uniqueness across entries",
    "repeated-service": "uniqueness across entries",
    "repeated-vip": "one address can be written in several ways",
    "threshold-order": "an order between two numbers",
    "too-many-entries": "how much a service unfolds to",
    "two-directors-by-name": "addresses across lists",
    "two-directors-one-real-server": "addresses across lists",
    "two-roles-two-addresses": "names and addresses across lists",
    "unknown-name": "what a name stands for is known by the rest of the file",
    "unusable-address": "multicast, loopback and the like are addresses to a schema",
    "vip-is-real-address": "addresses across lists",
  ]

  @Test func `the schema refuses every faulty file whose fault a schema can tell`() throws {
    let folder = "\(projectFolder)/Tests/PureTests/Faults"
    let names = fileNames(in: folder, endingIn: ".conf")
    let verdicts = try verdicts("cluster", names.map { "\(folder)/\($0).conf" })
    #expect(verdicts.count == names.count)
    for name in names {
      let verdict = verdicts["\(name).conf"]
      #expect((verdict == "ok") == (Self.beyondTheSchema[name] != nil), "\(name): \(verdict ?? "nothing")")
    }
  }
}
