import LVSText
import Testing

/// The alert rules and the dashboard under Examples/prometheus, held against what lvsctl and lvsctld write, and tried by
/// Prometheus' own tool.
struct PrometheusExampleTests {
  private static let folder = "\(projectFolder)/Examples/prometheus"

  /// What the directors of a cluster give, with what node_exporter adds.
  private static let given: [(instance: String, exposition: Exposition)] = {
    do {
      return try Scrapes.nodes.flatMap { node in
        try [Scrapes.status(node), Scrapes.keeping(node)].map { ("\(node):9100", try Exposition($0)) }
      }
    } catch {
      Issue.record("\(error)")
      return []
    }
  }()

  /// Each metric with its labels, and the values that they have.
  private static let known: [String: [String: Set<String>]] = {
    var known: [String: [String: Set<String>]] = [:]
    for (_, exposition) in given {
      for sample in exposition.samples {
        for label in sample.labels { known[sample.name, default: [:]][label.name, default: []].insert(label.value) }
      }
    }
    // The collector's own.
    known["node_textfile_mtime_seconds"] = ["file": []]
    return known
  }()

  /// Labels of which the programs say which values there are.
  private static let enumerations: Set<String> = ["state", "severity", "daemon", "protocol"]

  private func promtool(_ words: String...) throws -> Ending {
    try shell((["promtool"] + words).map { "'\($0)'" }.joined(separator: " "))
  }

  private func json(_ text: String) throws -> JSONText.Value { try #require(JSONText.value(of: Array(text.utf8))) }

  private func yaml(_ name: String) throws -> JSONText.Value {
    try json(try shell("'\(projectFolder)/Tests/schemas/yaml-to-json' '\(Self.folder)/\(name)'").output)
  }

  /// Holds an expression against what there is; `recorded` are the names of recording rules.
  private func check(_ expression: String, recorded: Set<String> = []) {
    let query = PromQL(expression)
    #expect(!query.selectors.isEmpty || expression == "vector(0)", "\(expression)")
    for selector in query.selectors where !recorded.contains(selector.metric) {
      guard let labels = Self.known[selector.metric] else {
        Issue.record("nobody writes \(selector.metric): \(expression)")
        continue
      }
      for (label, sign, value) in selector.matchers where !Self.addedByPrometheus.contains(label) {
        #expect(labels[label] != nil, "\(selector.metric) has no label \(label): \(expression)")
        guard Self.enumerations.contains(label) else { continue }
        for word in sign.contains("~") ? value.split(separator: "|").map(String.init) : [value] {
          #expect(labels[label]?.contains(word) == true, "\(label) is never \(word): \(expression)")
        }
      }
    }
    for label in query.labels where !Self.addedByPrometheus.contains(label) {
      #expect(Self.known.values.contains { $0[label] != nil }, "nobody writes the label \(label): \(expression)")
    }
  }

  private static let addedByPrometheus: Set<String> = ["instance", "job"]

  // MARK: Rules

  private struct Rule {
    var alert: String?
    var record: String?
    var expression: String
    var annotations: [(String, JSONText.Value)]
    var isHeldBack: Bool
    var severity: String?
  }

  private func rules() throws -> [Rule] {
    let groups = try #require(try yaml("lvsctl.rules.yml")["groups"]?.elements)
    return try groups.flatMap { group in
      try #require(group["rules"]?.elements).map { rule in
        Rule(
          alert: rule["alert"]?.text, record: rule["record"]?.text, expression: try #require(rule["expr"]?.text),
          annotations: rule["annotations"]?.members ?? [], isHeldBack: rule["for"]?.text != nil,
          severity: rule["labels"]?["severity"]?.text)
      }
    }
  }

  @Test func `promtool takes the rules, and each of their unit tests passes`() throws {
    let check = try promtool("check", "rules", "\(Self.folder)/lvsctl.rules.yml")
    #expect(check.status == 0, "\(check.output)")
    let test = try promtool("test", "rules", "\(Self.folder)/lvsctl.rules.test.yml")
    #expect(test.status == 0, "\(test.output)")
  }

  @Test func `the rules name what is written`() throws {
    let rules = try rules()
    let recorded = Set(rules.compactMap(\.record))
    #expect(rules.count > 20)
    for rule in rules { check(rule.expression, recorded: recorded) }
  }

  @Test func `each alert has a severity, a time, a summary, a description and what to do, in names that it has`() throws
  {
    for rule in try rules() {
      guard let alert = rule.alert else { continue }
      #expect(["critical", "warning", "info"].contains(rule.severity), "\(alert)")
      #expect(rule.isHeldBack, "\(alert)")
      #expect(rule.annotations.map(\.0) == ["summary", "description", "action"], "\(alert)")
      for (_, text) in rule.annotations {
        for match in (text.text ?? "").matches(of: #/\$labels\.([a-z_]+)/#) {
          let label = String(match.1)
          #expect(
            label == "instance" || Self.known.values.contains { $0[label] != nil }, "\(alert): there is no \(label)")
        }
      }
    }
  }

  @Test func `each alert has a test that fires it and one that does not, of series that there are`() throws {
    let tests = try #require(try yaml("lvsctl.rules.test.yml")["tests"]?.elements)
    var fired: [String] = []
    var silent: [String] = []
    for test in tests {
      for series in test["input_series"]?.elements ?? [] { check(try #require(series["series"]?.text)) }
      for part in test["alert_rule_test"]?.elements ?? [] {
        let alert = try #require(part["alertname"]?.text)
        if part["exp_alerts"]?.elements?.isEmpty == false { fired.append(alert) } else { silent.append(alert) }
      }
    }
    let alerts = try rules().compactMap(\.alert).sorted()
    #expect(fired.sorted() == alerts)
    #expect(silent.sorted() == alerts)
  }

  // MARK: The dashboard

  private func dashboard() throws -> JSONText.Value { try json(read("\(Self.folder)/lvsctl.dashboard.json")) }

  private func variables(_ dashboard: JSONText.Value) throws -> [JSONText.Value] {
    try #require(dashboard["templating"]?["list"]?.elements)
  }

  /// Its panels' expressions, and those of its variables with the label that they ask for.
  private func expressions(_ dashboard: JSONText.Value) throws -> [(place: String, text: String, label: String?)] {
    var all: [(place: String, text: String, label: String?)] = []
    for variable in try variables(dashboard) where variable["type"]?.text == "query" {
      let query = try #require(variable["query"]?["query"]?.text)
      let match = try #require(query.wholeMatch(of: #/label_values\((.*), (\w+)\)/#), "\(query)")
      all.append((variable["name"]?.text ?? "", String(match.1), String(match.2)))
    }
    for panel in try #require(dashboard["panels"]?.elements) where panel["type"]?.text != "row" {
      let targets = panel["targets"]?.elements ?? []
      #expect(!targets.isEmpty, "\(panel["title"]?.text ?? "")")
      for target in targets { all.append((panel["title"]?.text ?? "", try #require(target["expr"]?.text), nil)) }
    }
    return all
  }

  @Test func `the dashboard can be provisioned anywhere`() throws {
    let text = try read("\(Self.folder)/lvsctl.dashboard.json")
    let dashboard = try dashboard()
    let panels = try #require(dashboard["panels"]?.elements)
    let ids = panels.compactMap { $0["id"]?.number(Int.self) }
    #expect(ids.count == panels.count && Set(ids).count == ids.count)
    // Neither the dashboard's own identity nor a data source is one of some installation.
    #expect(dashboard["id"] == nil && dashboard["uid"] == nil)
    let sources = text.matches(of: #/"uid": "(.*?)"/#).map(\.1)
    #expect(sources.count > panels.count && sources.allSatisfy { $0 == "${datasource}" })
    let variables = try variables(dashboard)
    #expect(variables.map { $0["name"]?.text } == ["datasource", "cluster", "node", "service"])
    #expect(variables.first?["type"]?.text == "datasource")
    for panel in panels {
      let title = panel["title"]?.text ?? ""
      #expect(!title.isEmpty && (panel["type"]?.text == "row" || panel["description"]?.text?.isEmpty == false))
    }
    // No two panels lie on one another.
    var places: Set<[Int]> = []
    for panel in panels {
      let at = try ["x", "y", "w", "h"].map { try #require(panel["gridPos"]?[$0]?.number(Int.self)) }
      #expect(at[0] + at[2] <= 24)
      for x in at[0]..<at[0] + at[2] {
        for y in at[1]..<at[1] + at[3] { #expect(places.insert([x, y]).inserted, "\(panel["title"]?.text ?? "")") }
      }
    }
  }

  /// An expression with a choice of the dashboard's variables in their places.
  private func chosen(_ expression: String, node: String, service: String) -> String {
    expression.replacing("$cluster", with: node == ".*" ? ".*" : "shop").replacing("$node", with: node)
      .replacing("$service", with: service).replacing("$__rate_interval", with: "5m")
  }

  @Test func `the dashboard names what is written`() throws {
    for (place, text, label) in try expressions(dashboard()) {
      let expression = chosen(text, node: ".*", service: ".*")
      #expect(!expression.contains("$"), "\(place): \(expression)")
      check(expression)
      guard let label, let metric = PromQL(expression).selectors.first?.metric else { continue }
      #expect(Self.known[metric]?[label] != nil, "\(metric) has no label \(label)")
    }
    let used = try expressions(dashboard()).flatMap { PromQL(chosen($0.text, node: "", service: "")).selectors }
    #expect(used.count > 40)
  }

  /// Prometheus itself evaluates each expression over what two directors write, for all of them and for a choice.
  @Test func `every panel of the dashboard has something to show`() throws {
    func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
    var lines = ["evaluation_interval: 1m", "tests:", "  - interval: 1m", "    input_series:"]
    func add(_ sample: Exposition.Sample, _ instance: String, isCounter: Bool) {
      let labels = (sample.labels + [("instance", instance)]).map { "\($0.name)=\($0.value.debugDescription)" }
      lines.append("      - series: \(quoted("\(sample.name){\(labels.joined(separator: ","))}"))")
      lines.append("        values: '\(sample.value)+\(isCounter ? 10 : 0)x30'")
    }
    for (instance, exposition) in Self.given {
      let counters = Set(exposition.metrics.filter { $0.kind == "counter" }.map(\.name))
      for sample in exposition.samples { add(sample, instance, isCounter: counters.contains(sample.name)) }
    }
    for (instance, file) in zip(["director1:9100", "director2:9100"], ["lvs.prom", "lvsctld.prom"]) {
      let labels = [(name: "file", value: "/var/lib/prometheus/node-exporter/\(file)")]
      add(Exposition.Sample(name: "node_textfile_mtime_seconds", labels: labels, value: "0"), instance, isCounter: true)
    }
    lines.append("    promql_expr_test:")
    for (_, text, _) in try expressions(dashboard()) {
      for choice in [(".*", ".*"), ("director1", #"192\\.168\\.147\\.100:80"#)] {
        // Whatever it comes to, it is not nothing.
        let expression = chosen(text, node: choice.0, service: choice.1)
        lines.append(
          "      - { eval_time: 20m, expr: \(quoted("count(\(expression)) > bool 0")), exp_samples: [{ labels: '{}', value: 1 }] }"
        )
      }
    }
    try withTemporaryFolder { folder in
      try write(lines.joined(separator: "\n") + "\n", to: "\(folder)/panels.yml")
      let ending = try promtool("test", "rules", "\(folder)/panels.yml")
      #expect(ending.status == 0, "\(ending.output)")
    }
  }

  @Test func `promtool takes what both programs write`() throws {
    try withTemporaryFolder { folder in
      for node in Scrapes.nodes {
        for (index, text) in try [Scrapes.status(node), Scrapes.keeping(node)].enumerated() {
          try write(text, to: "\(folder)/\(index)")
          let ending = try shell("promtool check metrics < '\(folder)/\(index)'")
          #expect(ending.status == 0 && ending.output.isEmpty, "\(ending.output)")
        }
      }
    }
  }

  @Test func `lvsctl takes the command line of the unit that writes metrics`() throws {
    let unit = try read("\(Self.folder)/lvsctl-metrics.service")
    let line = try #require(unit.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
    let words = line.split(separator: " ")
    #expect(words.first?.hasSuffix("/lvsctl") == true)
    // The rules go by the name of the file.
    #expect(words.last?.hasSuffix("/lvs.prom") == true)
    // What it does not know is this alone.
    let file = "\(projectFolder)/Examples/cluster.conf"
    let known = words.dropFirst().map { $0.hasSuffix("/cluster.conf") ? file : String($0) }.joined(separator: " ")
    let ending = try shell("'\(lvsctlPath)' \(known) --nothing-like-it")
    #expect(ending.status == 64 && ending.output.contains("Unknown option '--nothing-like-it'"), "\(ending.output)")
  }
}
