import Testing

/// What a machine answers that is asked over ssh: it chooses every byte.
struct SSHTests {
  private let cluster = "\(projectFolder)/Examples/cluster.conf"

  /// The end of a `diff` against a machine whose ssh is this program of POSIX shell.
  private func diff(_ program: String, in folder: String) throws -> Ending {
    try writeProgram("#!/bin/sh\n\(program)\n", to: "\(folder)/ssh")
    return try shell("PATH='\(folder)':$PATH '\(lvsctlPath)' diff '\(cluster)' --against ssh://peer")
  }

  @Test func `an answer without end is cut off at a limit that is told, and the program is ended`() throws {
    try withTemporaryFolder { folder in
      let ending = try diff("echo $$ > '\(folder)/process'\nexec yes '{ \"format_version\": 1,'", in: folder)
      #expect(ending.status == 65)
      #expect(
        ending.output
          == "What peer answers is larger than 256 MiB, the most that lvsctl reads, and ssh was ended. Is it lvsctl that answers there?\n"
      )
      #expect(try shell("kill -0 \"$(cat '\(folder)/process')\"").status != 0)
    }
  }

  @Test func `what it writes to stderr is safe on a terminal, and bounded`() throws {
    try withTemporaryFolder { folder in
      let ending = try diff(#"printf '\033]0;evil\007\033[2Jx\nsecond' >&2; exit 255"#, in: folder)
      #expect(ending.status == 66)
      #expect(
        ending.output.hasPrefix("␛]0;evil␇␛[2Jx\nsecond\nlvsctl snapshot on peer was not reached"), "\(ending.output)")
      let flood = try diff("yes evil | head -c 1000000 >&2; exit 7", in: folder)
      #expect(flood.status == 66)
      #expect(flood.output.utf8.count < 100_000)
      #expect(flood.output.contains("What else it writes to stderr is not shown.\n"))
    }
  }

  @Test func `a connection that stays open for others is not waited for`() throws {
    try withTemporaryFolder { folder in
      let ending = try diff("sleep 1000 <&- >&- &\necho $! > '\(folder)/process'\nexit 255", in: folder)
      #expect(ending.status == 66)
      #expect(try shell("kill \"$(cat '\(folder)/process')\"").status == 0)
    }
  }

  @Test func `an answer that is no snapshot is told with its place`() throws {
    try withTemporaryFolder { folder in
      let ending = try diff("cat >/dev/null; printf '{\\n \"format_version\": one }'", in: folder)
      #expect(ending.status == 65)
      #expect(
        ending.output
          == "ssh://peer:2:20: The snapshot is not JSON here: a value was expected, and `o` was found.\n")
    }
  }

  @Test func `it meets the signals that lvsctl ignores as it would without it`() throws {
    try withTemporaryFolder { folder in
      let look = "grep SigIgn /proc/self/status"
      _ = try diff("\(look) > '\(folder)/signals'; exit 255", in: folder)
      #expect(try shell("cat '\(folder)/signals'").output == shell(look).output)
    }
  }
}
