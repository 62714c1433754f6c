import Testing

/// How much memory a command takes for a short file that asks for much.
///
/// The kernel holds the process to it: beyond RLIMIT_DATA (setrlimit(2)) it gets no more memory and ends.
struct MemoryBoundTests {
  /// Runs lvsctl on a file whose one service has every port of an address for each of `addresses`, with so many KiB for
  /// its data; its stdout goes to `output` beside the files.
  private func run(
    _ command: String, addresses: String, standby: Bool = false, within kibibytes: Int, in folder: String
  ) throws -> Ending {
    let second = standby ? ", { name: director2, address: 10.0.0.3, interface: eth0 }" : ""
    let head = """
      directors: [{ name: director1, address: 10.0.0.1, interface: eth0 }\(second)]
      real_servers: [{ name: web1, address: 10.0.0.2 }]
      services:
      """
    try write("\(head) [{ vip: \(addresses), port: 1-65535, scheduler: rr }]\n", to: "\(folder)/many.conf")
    try write("\(head) []\n", to: "\(folder)/none.conf")
    return try shell("cd '\(folder)' && ulimit -d \(kibibytes) && '\(lvsctlPath)' \(command) > output")
  }

  private static let comparison = "diff many.conf --against none.conf"

  @Test(arguments: [
    ("text", "131077 changes on 2 of 2 nodes."), ("text --verbose", "131077 changes on 2 of 2 nodes."),
    ("json", #""summary": { "create": 131071, "update": 0, "delete": 0 }"#),
    ("markdown", "| + | address | `10.1.0.1/32 dev eth0` | label `eth0:0` |"),
    ("commands", "ip addr add 10.1.0.1/32 dev eth0 label eth0:0"), ("text --node director1", "131071 changes: "),
  ])
  func `what 65535 services differ in is told within 60 MiB, in every format`(format: String, ending: String) throws {
    try withTemporaryFolder { folder in
      let run = try run(
        "\(Self.comparison) --format \(format)", addresses: "10.1.0.1", within: 60 << 10, in: folder)
      #expect(run.status == 1 && run.output == "")
      #expect(try shell("tail -n 12 '\(folder)/output'").output.contains(ending))
    }
  }

  @Test func `a standby is told beside its director within 70 MiB`() throws {
    try withTemporaryFolder { folder in
      let run = try run(
        "\(Self.comparison) --format markdown", addresses: "10.1.0.1", standby: true, within: 70 << 10, in: folder)
      #expect(run.status == 1 && run.output == "")
      let text = try shell("cat '\(folder)/output'").output
      #expect(text.contains("**`director2`** (standby): 131070 changes, the same as on `director1` below"), "\(text)")
    }
  }

  @Test func `a file of 300 bytes that unfolds to 327675 services is compared within 200 MiB`() throws {
    try withTemporaryFolder { folder in
      let run = try run(
        "\(Self.comparison) --node director1", addresses: "10.1.0.1-5", within: 200 << 10, in: folder)
      #expect(run.status == 1 && run.output == "")
      #expect(try shell("tail -n 1 '\(folder)/output'").output.hasPrefix("655355 changes: "))
    }
  }

  @Test func `such a file is checked within 60 MiB`() throws {
    try withTemporaryFolder { folder in
      let run = try run("validate many.conf", addresses: "10.1.0.1-5", within: 60 << 10, in: folder)
      #expect(run.status == 0 && run.output == "")
    }
  }
}
