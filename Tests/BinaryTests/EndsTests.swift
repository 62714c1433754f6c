import Testing

/// How lvsctl ends where it cannot go on: always with a documented status, and with a sentence where it still can.
struct EndsTests {
  private let cluster = "\(projectFolder)/Examples/cluster.conf"

  /// Runs a script of bash with `$lvsctl` and `$cluster`.
  private func bash(_ script: String) throws -> Ending {
    try shell("lvsctl='\(lvsctlPath)' cluster='\(cluster)' bash <<'END OF SCRIPT'\n\(script)\nEND OF SCRIPT")
  }

  // MARK: What the parser of arguments prints

  private static let printed = [
    "--help", "-h", "help apply", "apply --help", "--version", "--generate-completion-script bash",
    "--generate-completion-script zsh", "--generate-completion-script fish",
  ]

  @Test(arguments: printed)
  func `help, version and completion scripts that stdout does not take are no success`(line: String) throws {
    for (redirection, reason) in [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")] {
      let ending = try bash("\"$lvsctl\" \(line) \(redirection)")
      #expect(ending.status == 71, "\(line) \(redirection): \(ending)")
      #expect(ending.output.contains("stdout: \(reason)"), "\(ending.output)")
    }
    #expect(try bash("\"$lvsctl\" \(line)").status == 0)
  }

  @Test func `what is wrong with the command line goes to stderr, with 64`() throws {
    let ending = try bash("\"$lvsctl\" apply --no-such-option 2>&1 >/dev/null")
    #expect(ending.status == 64 && ending.output.contains("--no-such-option"), "\(ending)")
  }

  // MARK: A reader that has gone

  @Test(arguments: printed + ["validate \"$cluster\"", "diff \"$cluster\" --against \"$cluster\""])
  func `a reader that goes away ends nothing`(line: String) throws {
    let ending = try bash(
      """
      set -o pipefail
      mkfifo() { command mkfifo "$@"; }
      folder=$(mktemp -d) && mkfifo "$folder/pipe"
      exec 3<>"$folder/pipe" 4>"$folder/pipe" 3<&-  # nobody reads it
      env --default-signal=PIPE "$lvsctl" \(line) >&4
      status=$?
      rm -r "$folder"
      exit $status
      """)
    #expect(ending.status == 0 && ending.output == "", "\(ending)")
  }

  // MARK: Traps

  /// Starts `lvsctl validate -` with nothing to read, and sends it a signal when it has got as far as reading.
  private func killed(by signal: String) throws -> Ending {
    try bash(
      """
      folder=$(mktemp -d) && mkfifo "$folder/input"
      # Whoever runs the tests may ignore signals, as nohup(1) does.
      env --default-signal "$lvsctl" validate - <"$folder/input" &
      exec 3>"$folder/input"
      # It has prepared its end when it ignores SIGXFSZ, signal 25.
      until (( 0x$(awk '/^SigIgn/ { print $2 }' /proc/$!/status) & 1 << 24 )); do :; done
      kill -\(signal) $!
      wait $! 2>/dev/null
      status=$?
      rm -r "$folder"
      exit $status
      """)
  }

  @Test(arguments: ["ABRT", "SEGV"])
  func `a trap ends with 70 and asks for a report`(signal: String) throws {
    let ending = try killed(by: signal)
    #expect(ending.status == 70, "\(ending)")
    #expect(ending.output.contains("This is a bug in lvsctl; please report it"))
    #expect(!ending.output.contains("in the middle of its steps"))
  }

  @Test(arguments: [("HUP", 129), ("TERM", 143), ("KILL", 137)])
  func `a signal ends a command that changes nothing`(signal: String, status: Int) throws {
    #expect(try killed(by: signal).status == status)
  }

  // MARK: Limits

  /// The smallest address space in which a small file is read tells what the program itself takes here.
  @Test func `out of memory is told, with 71`() throws {
    let ending = try bash(
      """
      folder=$(mktemp -d)
      { cat "$cluster"; for i in {1..60000}; do echo "  - { vip: 192.168.147.100, port: 80, scheduler: rr }"; done
      } >"$folder/large.conf"
      small() { (ulimit -c 0; ulimit -v $1; "$lvsctl" validate "$cluster") >/dev/null 2>&1; }
      limit=16000
      until small $limit; do limit=$((limit + 4000)); done
      (ulimit -c 0; ulimit -v $((limit + 16000)); "$lvsctl" validate "$folder/large.conf") 2>&1 | tail -n 3
      status=${PIPESTATUS[0]}
      rm -r "$folder"
      exit $status
      """)
    #expect(ending.status == 71, "\(ending)")
    #expect(ending.output.contains("not enough memory"), "\(ending)")
  }

  @Test func `a file that may not grow is told, with 71`() throws {
    let ending = try bash(
      """
      folder=$(mktemp -d)
      (ulimit -f 0; "$lvsctl" --help 2>&1 >"$folder/output") | cat
      status=${PIPESTATUS[0]}
      rm -r "$folder"
      exit $status
      """)
    #expect(ending.status == 71 && ending.output.contains("stdout: File too large"), "\(ending)")
  }

  @Test(arguments: ["validate", "diff --against \"$cluster\"", "diff"])
  func `standard input that is closed cannot be read, with 66`(command: String) throws {
    let ending = try bash("\"$lvsctl\" \(command) - <&-")
    #expect(ending.status == 66 && ending.output.contains("<stdin> cannot be read: Bad file descriptor"), "\(ending)")
  }
}
