import Glibc
import LVSModel
import LVSText
import Testing

/// The program itself, with arguments, names of files, an environment and contents as others might choose them.
struct HostileCommandLineTests {
  /// Hostile text as the argument of a command line: bytes that are no UTF-8 among it, and no slash.
  private static let word = #""$(printf 'h\033[31m\nFORGED\342\200\256\342\200\250\302\233\177\377')""#

  /// What the program writes, bytes that are no UTF-8 as U+FFFD; `FILE` is a good file with a hostile name, `FAULTY` one
  /// with faults, `SNAPSHOT` and `BROKEN` are snapshots, `FOLDER` is a folder, all with hostile names, `WORD` is a hostile
  /// text that names nothing, and `GOOD` is the classic cluster.
  private func run(_ line: String, environment: String = "") throws -> Ending {
    try withTemporaryFolder { folder in
      let cluster = String(decoding: try contents(of: "\(projectFolder)/Examples/cluster.conf"), as: UTF8.self)
      let faulty = cluster.replacing("scheduler: rr", with: "\"\(Hostile.text)\": 1, scheduler: [\"\(Hostile.text)\"]")
      var state = try Classic.target("web1").state
      state.addresses[AddressID(Classic.web1, prefixLength: 24, interface: "x\u{1b}\u{202e}\u{9b}")] = AddressSettings(
        label: Hostile.text, mark: 0)
      state.sysctls["net.ipv4.conf.all.arp_ignore"] = Hostile.text
      var snapshot = Snapshot(
        cluster: Hostile.text, node: Hostile.text, role: Hostile.text, state: state)
      snapshot.memory.cluster = Hostile.text
      snapshot.memory.node = Hostile.text
      snapshot.memory.role = .director
      let json = JSONText.pretty(snapshot.json)
      let files = [
        "FILE": cluster, "FAULTY": faulty, "SNAPSHOT": json,
        "BROKEN": json.replacing(
          "\"sysctls\": {", with: "\"sysctls\": { \(JSONText.compact(.string(Hostile.text))): 5,"),
      ]
      var script = "cd '\(folder)' && mkdir FOLDER-\(Self.word)\n"
      for (name, text) in files {
        try write(text, to: "\(folder)/\(name)")
        script += "cp \(name) \(name)-\(Self.word)\n"
      }
      let words = line.split(separator: " ").map { word in
        var word = String(word)
        for name in files.keys + ["FOLDER"] { word = word.replacing("@\(name)", with: "\(name)-\(Self.word)") }
        return word.replacing("WORD", with: Self.word).replacing(
          "GOOD", with: "'\(projectFolder)/Examples/cluster.conf'")
      }
      return try shell("\(script)\(environment) '\(lvsctlPath)' \(words.joined(separator: " ")) </dev/null")
    }
  }

  @Test(arguments: [
    // The parser of arguments.
    "WORD", "--WORD", "-WORD", "diff --WORD", "diff -WORD", "diff --WORD=WORD", "diff GOOD WORD", "diff GOOD WORD WORD",
    "diff --format WORD GOOD", "diff --format=WORD GOOD", "diff --color WORD", "diff --role WORD GOOD",
    "diff GOOD --against ssh://WORD", "diff GOOD --against ssh:WORD", "status --watch=WORD", "status --sort WORD",
    "apply --graceful WORD", "apply --confirm-within WORD", "apply --lock-timeout=WORD", "teardown --WORD",
    "confirm WORD", "snapshot --WORD", "-n WORD", "--role WORD diff", "WORD/x", "export WORD", "diff GOOD WORD -n",
    "status --WORD=WORD -n", "--WORD diff", "-L=WORD", "validate --format WORD", "help WORD", "status --node WORD",
    "--generate-completion-script WORD",
    // Files that are not there, and files that are none.
    "validate WORD", "diff WORD", "apply WORD", "teardown WORD", "status WORD", "snapshot WORD",
    "export sysctl WORD", "export WORD", "export keepalived --vrrp @FILE", "export keepalived --vrrp @FILE --node WORD",
    "export modules @FAULTY", "export sysctl @FILE --node WORD", "export sysctl @FILE --output @FOLDER",
    "validate @FOLDER", "diff GOOD --against WORD", "diff GOOD --against @FOLDER", "status --output @FOLDER",
    // Files with faults, and good ones.
    "validate @FAULTY", "validate @FAULTY --format json", "diff @FAULTY", "apply @FAULTY", "teardown @FAULTY",
    "status @FAULTY", "snapshot @FAULTY", "diff GOOD --against @FAULTY", "validate @FILE",
    "validate @FILE --color always",
    "validate @FILE --format json", "validate @SNAPSHOT", "validate @BROKEN",
    // Words that name nothing.
    "validate --explain WORD", "diff @FILE --node WORD", "diff @FILE --node WORD --force-node",
    "apply @FILE --node WORD",
    "teardown @FILE --node WORD", "status @FILE --node WORD", "snapshot @FILE --node WORD", "status --vip WORD",
    "status --server WORD", "diff @FILE --against GOOD --node WORD", "diff @FILE --against @FILE --role standby",
    // Snapshots.
    "diff GOOD --against @SNAPSHOT", "diff GOOD --against @SNAPSHOT --node web1",
    "diff GOOD --against @SNAPSHOT --node web1 --format markdown",
    "diff GOOD --against @SNAPSHOT --node web1 --format commands",
    "diff GOOD --against @SNAPSHOT --node web1 --role realserver", "diff GOOD --against @SNAPSHOT --node WORD",
    "diff GOOD --against @BROKEN", "diff @FILE --against @FILE", "diff @FILE --against GOOD --format markdown",
  ])
  func `nothing that others write reaches the terminal as it is`(line: String) throws {
    let ending = try run(line)
    #expect(ending.status < 128, "\(line)")
    let isColored = line.contains("--color always")
    let text = isColored ? ending.output.replacing(#/\u{1b}\[[0-9]*m/#, with: "") : ending.output
    expectPrintable(text, line)
    #expect(!ending.output.isEmpty || ending.status == 0, "\(line)")
  }

  @Test(arguments: ["validate @FILE --format json", "validate @FAULTY --format json"])
  func `a document has the name of the file as it is`(line: String) throws {
    let document = try #require(JSONText.value(of: Array(try run(line).output.utf8)))
    #expect(document["file"]?.text?.contains("\u{1b}[31m\nFORGED\u{202e}") == true)
    for diagnostic in document["diagnostics"]?.elements ?? [] {
      expectPrintable(diagnostic["message"]?.text ?? "?")
    }
  }

  @Test(arguments: [
    ("LVSCTL_STATE_DIR=\"$PWD\"/FILE-WORD/x", "diff GOOD --node web1"),
    ("LVSCTL_STATE_DIR=\"$PWD\"/FILE-WORD/x", "snapshot"), ("LVSCTL_STATE_DIR=WORD", "diff GOOD --node web1"),
    ("TERM=WORD", "status"), ("HOME=WORD", "validate GOOD"), ("NO_COLOR=WORD", "validate GOOD"),
  ])
  func `what the environment names is shown`(environment: String, line: String) throws {
    let ending = try run(line, environment: environment.replacing("WORD", with: Self.word))
    // A snapshot goes on without, and its document is JSON.
    expectPrintable(ending.output, "\(environment) \(line)")
  }

  @Test func `what is refused is told on one line, and an argument makes no other`() throws {
    let ending = try run("diff --WORD")
    #expect(ending.status == 64)
    #expect(
      ending.output
        == "Unknown option '--h␛[31m␊FORGED<U+202E><U+2028><U+009B>␡\u{fffd}'. See lvsctl diff --help.\n")
    let command = try run("WORD")
    #expect(
      command.output
        == "There is no command \"h␛[31m␊FORGED<U+202E><U+2028><U+009B>␡\u{fffd}\". lvsctl --help tells of those that "
        + "there are.\n")
  }

  @Test func `an argument that prints is told as it is`() throws {
    let ending = try shell("'\(lvsctlPath)' diff '--größe  \"x\"'")
    #expect(ending.status == 64)
    #expect(ending.output == "Unknown option '--größe  \"x\"'. See lvsctl diff --help.\n")
  }
}

/// Expects that a text is safe on a terminal.
private func expectPrintable(
  _ text: String, _ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(Hostile.unprintable(in: text) == [], "\(comment): \(text.debugDescription)", sourceLocation: sourceLocation)
}
