extension Namespace {
  /// The page at an address of port 80, without blanks at the ends; nil where none came within two seconds, times
  /// ``Waiting/patience``.
  public func get(_ address: String, port: Int = 80) throws -> String? {
    try pages(at: address, port: port, count: 1).first
  }

  /// How many of `count` requests, each on a connection of its own, got which answer; "none" counts those without.
  public func answers(from address: String, port: Int = 80, count: Int) throws -> [String: Int] {
    let pages = try pages(at: address, port: port, count: count)
    var answers: [String: Int] = [:]
    for page in pages { answers[page, default: 0] += 1 }
    if pages.count < count { answers["none"] = count - pages.count }
    return answers
  }

  private func pages(at address: String, port: Int, count: Int) throws -> [String] {
    let host = address.contains(":") ? "\\[\(address)\\]" : address
    return try run(
      "curl", "--silent", "--fail", "--max-time", "\(2 * Waiting.patience)", "--header", "Connection: close",
      "http://\(host):\(port)/?[1-\(count)]"
    ).lines
  }
}
