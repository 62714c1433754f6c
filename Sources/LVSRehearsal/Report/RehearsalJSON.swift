import LVSText

extension RehearsalReport {
  /// The document of `rehearse --format json`.
  public var json: JSONText.Value {
    .object([
      ("format_version", .integer(1)),
      ("passed", .boolean(passed)),
      ("checks", .array(checks.map(\.json))),
    ])
  }
}

extension CheckResult {
  fileprivate var json: JSONText.Value {
    .object([
      ("name", .string(name.rawValue)),
      ("node", node.map { .string($0) } ?? .null),
      ("result", .string(result.rawValue)),
      ("evidence", .string(evidence.text)),
    ])
  }
}
