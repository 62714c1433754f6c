import Glibc
import Testing

/// What `lvsctl diff` or `lvsctl apply` says with `--format json`.
struct PlanReport {
  let status: Int
  let errors: String
  let json: JSON

  /// `ACTION KIND ID` of every change, in the order of the plan.
  var changes: [String] {
    json["changes"].elements.map {
      "\($0["action"].string ?? "?") \($0["kind"].string ?? "?") \($0["id"].string ?? "?")"
    }
  }

  /// The change of a thing, null where the plan has none.
  func change(of id: String) -> JSON {
    json["changes"].elements.first { $0["id"].string == id } ?? .null
  }

  var unmanaged: [String] { json["unmanaged"].elements.compactMap(\.string) }
}

extension Namespace {
  /// Runs `lvsctl COMMAND FILE OPTIONS…` on this machine, with a file that has this text; `prefix` are the words before
  /// it, such as those of `setpriv`.
  @discardableResult
  func lvsctl(_ command: String, _ cluster: String, _ options: String..., prefix: [String] = []) throws -> Outcome {
    try lvsctl(command, cluster, options, prefix: prefix)
  }

  /// Runs `lvsctl COMMAND FILE --format json OPTIONS…` and reads what it says.
  @discardableResult
  func plan(_ command: String, _ cluster: String, _ options: String...) throws -> PlanReport {
    try plan(command, cluster, options)
  }

  /// The same with options from a list.
  @discardableResult
  func plan(_ command: String, _ cluster: String, _ options: [String]) throws -> PlanReport {
    let outcome = try lvsctl(command, cluster, ["--format", "json"] + options)
    guard !outcome.output.isEmpty else {
      throw CommandFailure(description: "lvsctl \(command): status \(outcome.status), no JSON: \(outcome.errors)")
    }
    return PlanReport(status: outcome.status, errors: outcome.errors, json: try JSON(outcome.output))
  }

  /// Brings the machine to what the cluster file says, which the test relies on.
  func apply(_ cluster: String, _ options: String...) throws {
    let outcome = try lvsctl("apply", cluster, options)
    guard outcome.status == 0 else {
      throw CommandFailure(
        description: "lvsctl apply at \(machine): status \(outcome.status): \(outcome.output)\(outcome.errors)")
    }
  }

  /// Runs `lvsctl COMMAND FILE` with options from a list.
  @discardableResult
  func lvsctl(
    _ command: String, _ cluster: String, _ options: [String], prefix: [String] = []
  ) throws -> Outcome {
    let file = "/run/cluster-\(name).conf"
    try write(cluster, to: file)
    // Machines of one kernel share /var/lib; a machine of its own would not.
    return try run(
      prefix + [lvsctlPath, command, file] + options, environment: ["LVSCTL_STATE_DIR=\(stateDirectory)"])
  }
}

extension Network {
  /// Applies the file on both directors and both web nodes, each in its own role.
  func apply(_ cluster: String) throws {
    for node in [web1, web2, director2, director1] { try node.apply(cluster) }
  }
}

/// Expects that a diff on a node and one against its snapshot say the same, but for findings: those rest on the machine
/// itself, of which a snapshot holds only the state.
func expectSamePlan(_ live: Outcome, _ apart: Outcome, sourceLocation: SourceLocation = #_sourceLocation) throws {
  #expect(live.status == apart.status, "\(live.errors)\(apart.errors)", sourceLocation: sourceLocation)
  // Where the file does not fit the node there is no document on either side.
  guard !live.output.isEmpty && !apart.output.isEmpty else {
    #expect(live.output == apart.output, "\(live.errors)\(apart.errors)", sourceLocation: sourceLocation)
    return
  }
  let (here, there) = (try JSON(live.output), try JSON(apart.output))
  for key in ["cluster", "node", "role", "changes", "unmanaged", "summary"] {
    #expect(here[key] == there[key], "\(key): \(apart.errors)", sourceLocation: sourceLocation)
  }
}
