import Testing

/// What lvsctl says of command lines that it does not take, above all those that people type from habit.
struct UsageMessageTests {
  private func lvsctl(_ line: String) throws -> Ending { try shell("'\(lvsctlPath)' \(line)") }

  /// Expects a refusal on one line of stderr, and gives it.
  @discardableResult
  private func refusal(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let ending = try shell("'\(lvsctlPath)' \(line) 2>&1 >/dev/null")
    #expect(ending.status == 64, "\(line): \(ending.output)", sourceLocation: sourceLocation)
    let lines = ending.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 2 && lines.last == "", "\(line): \(ending.output)", sourceLocation: sourceLocation)
    #expect(!ending.output.contains("Usage:") && !ending.output.contains("Error:"), sourceLocation: sourceLocation)
    #expect(try lvsctl("\(line) 2>/dev/null").output == "", "\(line)", sourceLocation: sourceLocation)
    return ending.output
  }

  // MARK: Commands

  @Test(arguments: [
    ("plan", "lvsctl diff"), ("Plan x.conf", "lvsctl diff"), ("check", "lvsctl validate"),
    ("test x", "lvsctl validate"),
    ("doctor", "lvsctl diff"), ("show", "lvsctl status"), ("list", "lvsctl status"), ("ls", "lvsctl status"),
    ("top", "lvsctl status --watch"), ("delete web1", "lvsctl teardown"), ("flush", "lvsctl teardown"),
    ("clear", "lvsctl teardown"), ("add web3", "into the file"), ("edit", "into the file"),
    ("start", "systemctl start lvsctld"), ("stop", "systemctl stop lvsctld"), ("reload", "systemctl reload lvsctld"),
    ("restart", "lvsctl apply"), ("promote", "lvsctl apply --role director"),
    ("failover director2", "lvsctl apply --role director"), ("demote", "lvsctl apply --role standby"),
    ("import ipvsadm.save", "No file of another program is read."), ("save", "lvsctl snapshot"),
    ("restore x", "lvsctl apply"), ("rollback", "--take-back"), ("disable web1", "lvsctl drain"),
    ("resume web1", "lvsctl undrain"), ("version", "lvsctl --version"), ("explain x", "lvsctl validate --explain"),
  ])
  func `a command of habit is told lvsctl's own`(line: String, advice: String) throws {
    let words = try refusal(line)
    let command = line.split(separator: " ").first ?? ""
    #expect(words.hasPrefix("There is no command \"\(command)\". "))
    #expect(words.contains(advice), "\(words)")
  }

  @Test(arguments: [
    ("aply", "apply"), ("stauts x.conf", "status"), ("vaildate", "validate"), ("tear-down", "teardown"),
    ("un-drain web1", "undrain"), ("APPLY", "apply"), ("hepl", "help"),
  ])
  func `a slip in a command is told what was meant`(line: String, meant: String) throws {
    #expect(try refusal(line).hasSuffix("Did you mean lvsctl \(meant)?\n"))
  }

  @Test func `a command that is like none, and a file in the place of one, lead on`() throws {
    #expect(
      try refusal("frobnicate")
        == "There is no command \"frobnicate\". lvsctl --help tells of those that there are.\n")
    #expect(try refusal("/etc/c.conf").hasSuffix("The command comes first, as in lvsctl diff /etc/c.conf.\n"))
    // Nobody types it, and nobody is led to it.
    #expect(try !refusal("apart-first-proces").contains("Did you mean"))
  }

  @Test func `each command that an advice names is there`() throws {
    let commands = try lvsctl("--help").output
    for line in ["plan", "check", "show", "flush", "promote", "save", "disable", "commit", "keepalived"] {
      let words = try refusal(line).split { !($0.isLetter || $0 == "-") }
      for (word, next) in zip(words, words.dropFirst()) where word == "lvsctl" && !next.hasPrefix("-") {
        #expect(commands.contains("  \(next) "), "\(line): \(next)")
      }
    }
  }

  @Test func `a form that export does not have is told those that there are`() throws {
    #expect(try refusal("export ipvsadm").contains("lvsctl diff --format commands"))
    #expect(try refusal("export ldirectord").contains("The forms are keepalived, sysctl, modules."))
  }

  // MARK: Options

  @Test(arguments: [
    ("apply --dry-run", "--dry-run", "lvsctl diff"), ("apply x.conf -n", "-n", "lvsctl diff"),
    ("--dry-run apply x.conf", "--dry-run", "lvsctl diff"), ("--dry-run", "--dry-run", "lvsctl diff"),
    ("apply --dry-run=yes", "--dry-run", "lvsctl diff"), ("teardown --dry-run", "--dry-run", "no command shows it"),
    ("apply --force", "--force", "asks nothing"), ("apply x.conf --yes", "--yes", "asks nothing"),
    ("teardown -y", "-y", "asks nothing"), ("apply --config x.conf", "--config", "lvsctl apply cluster.conf"),
    ("diff -c x.conf", "-c", "lvsctl apply cluster.conf"), ("-f x.conf diff", "-f", "lvsctl apply cluster.conf"),
    ("status --json", "--json", "--format json"), ("status -n", "-n", "always numbers"),
    ("status -Ln", "-Ln", "by itself"), ("status -n 5", "-n", "always numbers"), ("status -i 5", "-i", "--watch 1s"),
    ("apply --promote", "--promote", "--role director"), ("apply --quiet", "--quiet", "exit status"),
    // ipvsadm's.
    ("-Ln", "-Ln", "lvsctl status"), ("-L -n", "-L", "lvsctl status"), ("-ln --stats", "-ln", "lvsctl status"),
    ("--list", "--list", "lvsctl status"), ("-A -t 192.0.2.1:80 -s rr", "-A", "Services stand in the file"),
    ("-E -t 192.0.2.1:80", "-E", "Services stand in the file"),
    ("-D -t 192.0.2.1:80", "-D", "Services stand in the file"),
    ("-a -t 192.0.2.1:80 -r 192.0.2.2 -g", "-a", "Real servers stand in the file"),
    ("-e -t 192.0.2.1:80 -r 192.0.2.2 -w 0", "-e", "Real servers stand in the file"),
    ("-d -t 192.0.2.1:80 -r 192.0.2.2", "-d", "Real servers stand in the file"), ("-C", "-C", "lvsctl teardown"),
    ("-S", "-S", "lvsctl snapshot"), ("-R", "-R", "lvsctl apply"), ("-Z", "-Z", "--watch"),
    ("--set 900 120 300", "--set", "timeouts:"), ("--start-daemon master", "--start-daemon", "sync:"),
  ])
  func `an option of habit is told lvsctl's own`(line: String, option: String, advice: String) throws {
    let words = try refusal(line)
    #expect(words.hasPrefix("There is no option \(option) here. "), "\(words)")
    #expect(words.contains(advice), "\(words)")
  }

  @Test func `options before the command are told their place`() throws {
    #expect(
      try refusal("--role director apply x.conf")
        == "The command comes first and its options behind it, as in lvsctl apply --role director.\n")
    #expect(try refusal("-v status").hasSuffix("as in lvsctl status -v.\n"))
  }

  @Test(arguments: [
    ("diff a b", "Two files are compared by lvsctl diff NEW --against OLD; only one is named without an option.\n"),
    ("diff --formt json", "Unknown option '--formt'. Did you mean '--format'? See lvsctl diff --help.\n"),
    ("drain", "Missing expected argument '<server>'. See lvsctl drain --help.\n"),
    ("confirm x", "Unexpected argument 'x'. See lvsctl confirm --help.\n"),
    (
      "export sysctl --outptu x",
      "Unknown option '--outptu'. Did you mean '--output'? See lvsctl export sysctl --help.\n"
    ),
    (
      "rehearse --only pings",
      """
      The value 'pings' is invalid for '--only <check>'. Please provide one of the following: apply, second-apply, \
      vip-owner, answers, shares, direct-return, nat-return, persistence, server-down, drain, failover, health, all-down, \
      change. See lvsctl rehearse --help.\n
      """
    ),
  ])
  func `what else is refused is one line with the way to the help`(line: String, words: String) throws {
    #expect(try refusal(line) == words)
  }

  @Test func `lvsctld says it on one line too, and shows what does not print`() throws {
    let ending = try shell("'\(lvsctldPath)' \"$(printf -- '--a\\033\\nb')\" 2>&1 >/dev/null")
    #expect(ending.status == 64)
    #expect(ending.output == "Unknown option '--a␛ b'. See lvsctld --help.\n")
  }

  // MARK: Roles and short options

  @Test(arguments: ["realserver", "real_server", "real-server"])
  func `a real server's role has three spellings`(word: String) throws {
    let cluster = "'\(projectFolder)/Examples/cluster.conf'"
    let plain = try lvsctl("export sysctl \(cluster) --node web1 --role realserver")
    #expect(plain.status == 0 && plain.output.contains("arp_ignore"))
    for option in ["--role \(word)", "--role=\(word)", "-r \(word)"] {
      let ending = try lvsctl("export sysctl \(cluster) --node web1 \(option)")
      #expect(ending.status == 0 && ending.output == plain.output, "\(ending.output)")
    }
    #expect(try refusal("apply -r 'real server'").contains("'director', 'standby' or 'realserver'"))
  }

  @Test func `short options do as the long ones`() throws {
    let cluster = "'\(projectFolder)/Examples/cluster.conf'"
    let nat = "'\(projectFolder)/Examples/nat.conf'"
    let long = try lvsctl("diff \(cluster) --against \(nat) --node director1 --role standby")
    let short = try lvsctl("diff \(cluster) -a \(nat) --node director1 -r standby")
    #expect(long.status == short.status && long.output == short.output && !long.output.isEmpty)
    for line in [
      "apply -g 5m /nowhere", "teardown /nowhere -g 90", "status /nowhere -w", "status /nowhere -w 1s",
      "status -w=1s /nowhere", "status /nowhere -s web1 -s web2 -w", "status -w ./5",
    ] {
      #expect(try lvsctl(line).status == 66, "\(line)")
    }
    for line in ["apply -g 5x", "status -w=5x", "diff -s web1", "teardown -a x", "snapshot -w"] { try refusal(line) }
  }

  @Test(arguments: ["validate", "diff", "apply", "teardown", "status", "snapshot", "drain", "rehearse"])
  func `no letter stands for two options of a command`(command: String) throws {
    let help = try lvsctl("\(command) --help").output
    let letters = help.split(separator: "\n").compactMap { line in
      line.firstMatch(of: #/^  (-[a-z]), --/#).map { String($0.1) }
    }
    #expect(!letters.isEmpty && Set(letters).count == letters.count, "\(letters)")
  }

  // MARK: Counts

  @Test func `at the end of the faults stands their number, whichever command reads the file`() throws {
    try withTemporaryFolder { folder in
      let text = String(decoding: try contents(of: "\(projectFolder)/Examples/cluster.conf"), as: UTF8.self)
      let file = "\(folder)/c.conf"
      try write(text.replacing("scheduler: rr", with: "scheduler: zzz"), to: file)
      let warned = try lvsctl("validate \(file) 2>&1 >/dev/null")
      #expect(warned.status == 0 && warned.output.hasSuffix("\n\n1 warning in \(file).\n"), "\(warned.output)")
      try write(text.replacing("scheduler: rr", with: "scheduler: zzz, weight: 1, ops: true"), to: file)
      for line in ["validate \(file)", "diff \(file)", "apply \(file)", "status \(file)"] {
        let ending = try lvsctl("\(line) 2>&1 >/dev/null")
        #expect(ending.status == 65)
        #expect(ending.output.hasSuffix("\n\n2 errors, 1 warning in \(file).\n"), "\(ending.output)")
      }
      let document = try lvsctl("validate \(file) --format json 2>/dev/null").output
      #expect(!document.contains("2 errors"))
      #expect(try lvsctl("validate '\(projectFolder)/Examples/cluster.conf' 2>&1 >/dev/null").output == "")
    }
  }
}
