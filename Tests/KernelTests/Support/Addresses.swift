extension Namespace {
  /// What `ip -json` says.
  func json(_ arguments: String...) throws -> JSON {
    let text = try LVSSandbox.succeed(["ip", "-json"] + arguments, in: name).output
    return try text.lines.isEmpty ? [] : JSON(text)
  }

  /// The hardware address of an interface.
  func hardwareAddress(_ interface: String = "ens33") throws -> String? {
    try json("link", "show", interface).elements.first?["address"].string
  }

  /// The hardware address that the machine's neighbour table has for an address.
  func neighbour(_ address: String) throws -> String? {
    try json("neigh", "show", address).elements.first?["lladdr"].string
  }
}
