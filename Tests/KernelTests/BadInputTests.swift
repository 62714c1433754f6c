import Testing

extension RealKernel {
  /// What the command line makes of files that are none.
  @Suite struct BadInputTests {
    private static let folder = "/run/bad-input"

    private func validate(_ path: String, prefix: [String] = [], input: String = "") throws -> Outcome {
      try run(prefix + [lvsctlPath, "validate", path], input: input)
    }

    private func file(_ name: String, _ text: String) throws -> String {
      if !isFolder(Self.folder) { try succeed(["mkdir", Self.folder]) }
      let path = "\(Self.folder)/\(name)"
      try write(text, to: path)
      return path
    }

    @Test func `a file that is not there is told with its path`() throws {
      let outcome = try validate("/run/no-such-file")
      #expect(outcome.status == 66 && outcome.output.isEmpty)
      #expect(outcome.errors.contains("/run/no-such-file cannot be read: No such file or directory"))
    }

    @Test func `a directory is told as one`() throws {
      let outcome = try validate("/run")
      #expect(outcome.status == 66 && outcome.errors.contains("/run is a directory"))
    }

    @Test func `a file that this user may not read is told so`() throws {
      let path = try file("secret", Clusters.classic)
      try succeed(["chmod", "000", path])
      let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
      let outcome = try validate(path, prefix: nobody)
      #expect(outcome.status == 66 && outcome.errors.contains("Permission denied"))
    }

    @Test func `a FIFO that nobody writes to keeps nobody waiting`() throws {
      try succeed(["mkfifo", "/run/silent"])
      let outcome = try validate("/run/silent")
      #expect(outcome.status == 65 && outcome.errors.contains("empty"))
    }

    @Test(arguments: ["", "\n\n", "# nothing but a comment\n"])
    func `an empty file is invalid and says so`(text: String) throws {
      let outcome = try validate(try file("empty", text))
      #expect(outcome.status == 65 && outcome.errors.contains("error[empty-file]"))
    }

    @Test func `a hundred megabytes of noise are refused unread`() throws {
      let noise = "\(Self.folder)/noise"
      _ = try file("noise", "")
      try succeed(["sh", "-c", "head -c 100000000 /dev/urandom > \(noise)"])
      let outcome = try validate(noise)
      try succeed(["rm", noise])
      #expect(outcome.status == 65 && outcome.errors.contains("larger than 32 MiB"))
    }

    @Test func `aliases that unfold without end are refused`() throws {
      let bomb = (1...40).reduce("a0: &a0 [x, x]\n") { text, level in
        text + "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
      }
      let outcome = try validate(try file("bomb", bomb))
      #expect(outcome.status == 65 && outcome.errors.contains("error[alias-expansion]"))
    }

    @Test func `standard input is read where the file is a dash`() throws {
      let outcome = try validate("-", input: Clusters.classic)
      #expect(outcome.status == 0 && outcome.errors.isEmpty)
      #expect(outcome.output == "<stdin> is valid: 2 directors, 2 real servers, 1 VIP, 1 service.\n")
    }

    @Test func `faults go to stderr, and with --format json to stdout`() throws {
      let path = try file("faulty", Clusters.classic.replacing("scheduler: rr", with: "protocol: tpc"))
      let text = try validate(path)
      #expect(text.status == 65 && text.output.isEmpty && text.errors.contains("Did you mean `tcp`?"))
      let json = try run([lvsctlPath, "validate", path, "--format", "json"])
      #expect(json.status == 65 && json.errors.isEmpty)
      let document = try JSON(json.output)
      #expect(document["valid"] == false)
      #expect(document["diagnostics"].elements.map { $0["code"].string } == ["unknown-word"])
    }

    @Test(arguments: [
      ["nonsense"], ["apply", "--role", "king"], ["apply", "--lock-timeout", "-1"], ["diff", "a", "b"], [],
      ["teardown", "--lock-timeout", "nan"],
    ])
    func `wrong usage ends with 64`(arguments: [String]) throws {
      #expect(try run([lvsctlPath] + arguments).status == 64)
    }

    @Test func `help ends with 0 on stdout`() throws {
      let outcome = try run([lvsctlPath, "--help"])
      #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.contains("teardown"))
    }
  }
}
