/// What `lvsctl status --format json` says.
struct StatusReport {
  let status: Int
  let json: JSON

  /// A service by its id, null where there is none.
  func service(_ id: String) -> JSON { json["services"].elements.first { $0["id"].string == id } ?? .null }

  /// A real server of a service, null where there is none.
  func realServer(_ id: String, of service: String) -> JSON {
    self.service(service)["real_servers"].elements.first { $0["id"].string == id } ?? .null
  }

  /// `ACTION KIND ID` of every difference.
  var drift: [String] { PlanReport(status: status, errors: "", json: ["changes": json["drift"]]).changes }
}

extension Namespace {
  /// Runs `lvsctl status FILE --format json OPTIONS…`, or without a file where there is no text for one.
  func status(_ cluster: String?, _ options: String...) throws -> StatusReport {
    let outcome = try run(statusCommand(cluster, ["--format", "json"] + options))
    guard !outcome.output.isEmpty else {
      throw CommandFailure(description: "lvsctl status: status \(outcome.status), no JSON: \(outcome.errors)")
    }
    return StatusReport(status: outcome.status, json: try JSON(outcome.output))
  }

  /// The command line of `lvsctl status FILE OPTIONS…`, or `--live` where there is no text for a file.
  func statusCommand(_ cluster: String?, _ options: [String]) throws -> [String] {
    guard let cluster else { return [lvsctlPath, "status", "--live"] + options }
    let file = "/run/status-\(name).conf"
    try write(cluster, to: file)
    return [lvsctlPath, "status", file] + options
  }

  /// The numbers of `ipvsadm -Ln --stats` or `--rate` by `ADDRESS:PORT`: connections, packets in and out, bytes in and out.
  func traffic(_ option: String) throws -> [String: [Int]] {
    var table: [String: [Int]] = [:]
    for line in try succeed("ipvsadm -Ln --exact \(option)").lines {
      let words = line.words
      guard words.count == 7 else { continue }
      let numbers = words[2...].compactMap { Int($0) }
      if numbers.count == 5 { table[words[1]] = numbers }
    }
    return table
  }
}

extension JSON {
  /// The numbers of `counters` or `rates` in the order of ipvsadm's columns.
  var traffic: [Int] {
    ["connections", "packets_in", "packets_out", "bytes_in", "bytes_out"].compactMap { self[$0].number }
  }
}
