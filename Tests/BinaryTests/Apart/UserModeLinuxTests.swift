import Glibc
import LVSSystem
import Testing

/// A program on a kernel of its own, a user-mode Linux that lvsctl starts; each test boots one.
@Suite(.serialized) struct UserModeLinuxTests {
  private let uml = ["--ground", "uml", "--limit", "\(60 * patience)"]

  /// Waits until none of these processes is there any more.
  private func expectGone(_ processes: [ProcessIdentity], _ run: ApartRun) throws {
    try run.waitFor("\(processes.filter(\.isThere).map { ($0.id, $0.words) })") {
      !processes.contains(where: \.isThere)
    }
  }

  /// A program that runs until it is ended, with the processes that it takes here.
  private func endless(_ options: [String] = []) throws -> (ApartRun, [ProcessIdentity]) {
    let run = try ApartRun(
      "/bin/sh", "-c", "sleep 100000 & sleep 100000 & echo begun; wait", options: uml + options)
    try run.waitFor("begun")
    let processes = run.processes
    // The guard, the kernel, and one for each address space inside.
    try #require(processes.count > 4)
    return (run, processes)
  }

  @Test func `whoever may do nothing here is root there, and leaves nothing here`() throws {
    try withTemporaryFolder { folder in
      chmod(folder, 0o755)
      try #require(
        try shell("cp '\(lvsctlPath)' '\(folder)/lvsctl' && cp '\(apartPath)' '\(folder)/lvsctl-apart'").status == 0)
      for name in ["home", "shared", "temporary"] {
        mkdir("\(folder)/\(name)", 0o755)
        if isRoot { chown("\(folder)/\(name)", nobody, nobody) }
      }
      let script = """
        id -u; cat words; echo "$GREETING $LVSCTL_STATE_DIR"; modprobe ip_vs && ipvsadm -A -t 192.0.2.1:80 && ipvsadm -Sn
        ip netns add web1 && ip netns exec web1 ip -o link | wc -l
        echo written > shared/file; seq 20000; seq 30000 >&2; exit 7
        """
      let run = try ApartRun(
        "/bin/sh", "-c", script,
        options: uml + [
          "--file", "words=some words\n", "--variable", "GREETING=hello", "--shared", "\(folder)/shared",
        ], lvsctl: "\(folder)/lvsctl", apart: "\(folder)/lvsctl-apart",
        environment: ["HOME=\(folder)/home", "TMPDIR=\(folder)/temporary"],
        prefix: isRoot ? ["setpriv", "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"] : [])
      #expect(try run.wait() == 7)
      let head = "0\nsome words\nhello /run/apart/state\n-A -t 192.0.2.1:80 -s wlc\n1\n"
      func numbers(_ last: Int) -> String { (1...last).map { "\($0)\n" }.joined() }
      let (output, errors) = (run.output, run.errors)
      let areWhole = output == head + numbers(20000) && errors == numbers(30000)
      #expect(areWhole, "\(output.prefix(500))\(errors.prefix(500))")
      #expect(try read("\(folder)/shared/file") == "written\n")
      #expect(try names(in: "\(folder)/home").isEmpty && names(in: "\(folder)/temporary").isEmpty)
      #expect(run.processes.isEmpty)
    }
  }

  @Test(arguments: [(SIGTERM, 128 + SIGTERM), (SIGKILL, 128 + SIGKILL)])
  func `the kernel ends with whoever started it`(signal: Int32, status: Int32) throws {
    let (run, processes) = try endless()
    kill(run.id, signal)
    #expect(try run.wait() == Int(status))
    // Whoever was killed could not wait for it.
    if signal != SIGKILL { #expect(processes.filter(\.isThere).isEmpty) }
    try expectGone(processes, run)
  }

  @Test func `the kernel ends with its guard`() throws {
    let (run, processes) = try endless()
    let guardian = try #require(processes.first { $0.words.contains("guard") })
    kill(guardian.id, SIGKILL)
    #expect(try run.wait() == 70)
    #expect(run.errors.hasPrefix("broken: What runs the program apart ended before it did."))
    #expect(processes.filter(\.isThere).isEmpty)
  }

  @Test func `a kernel that dies says why`() throws {
    let run = try ApartRun("/bin/sh", "-c", "echo so far; sync; echo c > /proc/sysrq-trigger", options: uml)
    #expect(try run.wait() == 70)
    #expect(run.errors.hasPrefix("broken: What runs the program apart ended before it did. Its last words:\n"))
    #expect(run.errors.contains("sysrq triggered crash"))
    #expect(run.processes.isEmpty)
  }

  @Test func `a kernel that hangs is ended, and a reader that has gone ends it too`() throws {
    let late = try ApartRun("/bin/sleep", "100000", options: ["--ground", "uml", "--limit", "\(4 * patience)"])
    let lost = try shell(
      "{ { '\(apartPath)' --lvsctl '\(lvsctlPath)' --ground uml -- /usr/bin/yes; echo $? >&3; } | head -c 2; } 3>&1")
    #expect(lost.output.hasPrefix("y\n") && lost.output.hasSuffix("70\n"), "\(lost)")
    #expect(try late.wait() == 70)
    #expect(late.errors.hasPrefix("late: The program had not ended in the time that it was given."), "\(late.errors)")
  }

  @Test func `a kernel that has no room for its memory is not started`() throws {
    let run = try ApartRun("/bin/true", options: ["--ground", "uml", "--memory", "\(1 << 30)"])
    #expect(try run.wait() == 70)
    #expect(run.errors.hasPrefix("noGround: None of /dev/shm, /tmp, /var/tmp has 1073741824 MiB free"), "\(run.errors)")
  }

  @Test func `a shell there has a terminal, which this one stands for`() throws {
    let terminal = try PseudoTerminal(
      [
        apartPath, "--lvsctl", lvsctlPath, "--ground", "uml", "--interactive", "--variable", "PS1=ready# ", "--",
        "/bin/sh",
      ],
      environment: ["PATH=/usr/bin:/bin"], columns: 91, rows: 23)
    func expect(_ text: String, after before: Int = 0) throws {
      while !terminal.output.dropFirst(before).contains(text) { try terminal.awaitOutput() }
    }
    try expect("ready# ")
    #expect(terminal.isRaw)
    try terminal.type("stty size; tty; ip netns add web1; ip netns exec web1 hostname\r")
    try expect("23 91\r\n/dev/pts/0\r\napart\r\nready# ")
    terminal.resize(columns: 77, rows: 33)
    // Once it says so, it is in the foreground, where ^C goes.
    try terminal.type("sh -c 'echo started; exec sleep 100000'\r")
    try expect("\r\nstarted\r\n")
    // ^C ends what runs in the shell, and nothing else.
    try terminal.type("\u{3}")
    let before = terminal.output.count
    try terminal.type("stty size\r")
    try expect("33 77\r\n", after: before)
    try terminal.type("exit 5\r")
    #expect(try terminal.wait() == 5)
    #expect(!terminal.isRaw)
  }
}
