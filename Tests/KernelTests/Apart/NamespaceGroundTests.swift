import Glibc
import LVSSystem
import Testing

extension RealKernel {
  /// A program in namespaces of its own, on a kernel that this machine has as well.
  @Suite struct NamespaceGroundTests {
    /// What nothing that is run apart may change on the machine, as the machine's own tools tell it.
    private func machine() throws -> [String] {
      try [
        "ip -j link", "ip -j address", "ip -j route show table all", "ip -j rule", "ls /run/netns", "cat /proc/mounts",
        // These alone are settings; others count.
        "sysctl -a -r '^(net|kernel.(hostname|domainname|sem|msg|shm))' | grep -v conntrack_count", "ipvsadm -Sn",
        "lsns -n -o NS,TYPE", "ls -A /run /var/lib", "ls -A /var/lib/lvsctl /run/lvsctl; true",
      ].map { line in
        let ending = try shell(line)
        guard ending.status == 0 else { throw TestFailure(description: "\(line): \(ending)") }
        return "\(line)\n\(ending.output)"
      }
    }

    private func expectSame(_ before: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
      for (now, then) in zip(try machine(), before) { #expect(now == then, sourceLocation: sourceLocation) }
    }

    /// Changes of each kind that a rehearsal makes, and a mark when they are made.
    private static let changes = """
      set -e
      ip netns add web1 && ip link add veth0 type veth peer name eth0 netns web1
      ip address add 192.0.2.1/24 dev veth0 && ip link set veth0 up && ip route add 198.51.100.0/24 dev veth0
      sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.arp_ignore=1 net.ipv4.vs.expire_nodest_conn=1
      ipvsadm -A -t 192.0.2.1:80 -s rr && ipvsadm -a -t 192.0.2.1:80 -r 192.0.2.2:80 -m
      mkdir -p $LVSCTL_STATE_DIR && echo state > $LVSCTL_STATE_DIR/file && mktemp && mktemp -p /run
      hostname other && mount -t tmpfs tmpfs /mnt
      echo changed

      """

    private let options = ["--ground", "namespaces"]

    @Test func `a program has its files, its status and its streams there, and the machine is as it was`() throws {
      // What the kernel has by modules stays.
      try succeed(["modprobe", "-a", "ip_vs", "ip_vs_rr", "veth", "ipv6"])
      let before = try machine()
      try withTemporaryFolder { folder in
        let script =
          Self.changes + """
            echo $$; cat words; ip netns list | cut -d' ' -f1; ip netns exec web1 ip -o link show type veth | wc -l; ls /proc | grep -c '^[0-9]'
            echo written > shared/file; sleep 100000 & seq 20000; seq 30000 >&2; exit 7
            """
        let run = try ApartRun(
          "/bin/sh", "-c", script,
          options: options + ["--file", "words=some words\n", "--shared", folder, "--variable", "GREETING=hello"])
        #expect(try run.wait() == 7)
        func numbers(_ last: Int) -> String { (1...last).map { "\($0)\n" }.joined() }
        let output = run.output
        let isWhole = output.hasSuffix("changed\n2\nsome words\nweb1\n1\n4\n" + numbers(20000))
        #expect(isWhole, "\(output.prefix(500))")
        let errors = run.errors
        #expect(errors.count == numbers(30000).count, "\(errors.prefix(500))")
        #expect(try read("\(folder)/file") == "written\n")
        #expect(run.processes.isEmpty)
      }
      try expectSame(before)
    }

    @Test(arguments: [
      ("", SIGKILL, 137), ("", SIGINT, 130), ("guard-namespaces", SIGKILL, 70), ("namespaces", SIGKILL, 70),
    ])
    func `what is killed in the middle leaves nothing`(process: String, signal: Int32, status: Int) throws {
      try succeed(["modprobe", "-a", "ip_vs", "ip_vs_rr", "veth", "ipv6"])
      let before = try machine()
      let run = try ApartRun(
        "/bin/sh", "-c", Self.changes + "setsid sleep 100000 & echo started; wait", options: options)
      try run.waitFor("started")
      let processes = run.processes
      // The guard, process 1, the shell and what it started.
      try #require(processes.count >= 4)
      let victim =
        process.isEmpty ? run.id : try #require(processes.first { $0.words.dropFirst(2).first == process }).id
      kill(victim, signal)
      #expect(try run.wait() == status)
      try run.waitFor("\(processes.filter(\.isThere).map(\.words))") { processes.filter(\.isThere).isEmpty }
      try expectSame(before)
    }

    @Test func `a program may lie where folders of its own are laid over the machine's`() throws {
      try withTemporaryFolder { folder in
        try succeed(["cp", "/bin/echo", lvsctlPath, folder])
        let run = try ApartRun("\(folder)/echo", "found", options: options, lvsctl: "\(folder)/\(name(of: lvsctlPath))")
        #expect(try run.wait() == 0)
        #expect(run.output == "found\n" && run.errors == "")
      }
    }

    private func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

    @Test func `whoever is not root, and has no kernel to start, is told what to install`() throws {
      let unprivileged = ["setpriv", "--reuid=\(nobody)", "--regid=\(nobody)", "--clear-groups"]
      for ground in ["auto", "namespaces", "uml"] {
        let run = try ApartRun(
          "/bin/true", options: ["--ground", ground],
          prefix: [
            "unshare", "--mount", "sh", "-c", "mount --bind /dev/null /usr/bin/linux.uml && exec \"$@\"", "sh",
          ] + unprivileged)
        #expect(try run.wait() == 70)
        #expect(run.errors.hasPrefix("noGround: "))
        #expect(run.errors.contains("user-mode-linux") == (ground != "namespaces"), "\(run.errors)")
        #expect(run.errors.contains("are for root alone") == (ground != "uml"), "\(run.errors)")
      }
    }
  }
}
