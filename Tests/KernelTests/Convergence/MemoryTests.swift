import Glibc
import Testing

extension RealKernel {
  /// What is remembered belongs to the machine, and is never lost.
  @Suite struct MemoryTests {
    /// A file whose memory is longer than a page of /proc: thousands of VIPs on a standby, which holds none of them.
    private static let long: String = {
      let addresses = (1...2500).map { "2001:db8:1234:5678:9abc:def0:1234:\(String($0, radix: 16))" }
      return Clusters.classic + "vips:\n" + addresses.map { "  - { address: \"\($0)\" }\n" }.joined()
    }()

    @Test func `a long memory is read whole`() throws {
      try Network.classic { network in
        let node = network.director2
        _ = try node.ipvs()
        let before = try node.state()
        try node.apply(Self.long)
        let path = try node.memoryPath()
        let memory = try read(path)
        #expect(memory.utf8.count > 100_000)
        try node.apply(Self.long.replacing("scheduler: rr", with: "scheduler: wlc"))
        #expect(try read(path) == memory)
        let teardown = try node.lvsctl("teardown", Self.long)
        #expect(teardown.status == 0)
        #expect(teardown.errors == "")
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `a memory that cannot be read is never overwritten`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let path = try node.memoryPath()
        let whole = try read(path)
        let before = try node.state()
        for damaged in [String(whole.dropLast(40)), "", whole.replacing("192.168.147.100", with: "nonsense")] {
          try write(damaged, to: path)
          for command in ["apply", "teardown"] {
            let outcome = try node.lvsctl(command, Clusters.classic(scheduler: "wlc"))
            #expect(outcome.status == 71)
            for words in [path, "never overwritten", "Nothing was changed"] { #expect(outcome.errors.contains(words)) }
          }
          for (command, status) in [("diff", 0), ("status", 0), ("snapshot", 0)] {
            let outcome = try node.lvsctl(command, Clusters.classic)
            #expect(outcome.status == status)
            #expect(outcome.errors.contains(path) && outcome.errors.contains("Going on without it"))
          }
          #expect(try read(path) == damaged)
        }
        try node.expectUnchanged(since: before)

        // Nor one that this process may not read.
        try write(whole, to: path)
        try succeed(["chown", "65534", path])
        let powerless = ["setpriv", "--inh-caps=-dac_override,-dac_read_search"]
        let bounded = powerless + ["--bounding-set=-dac_override,-dac_read_search"]
        let denied = try node.lvsctl("apply", Clusters.classic(scheduler: "wlc"), prefix: bounded)
        #expect(denied.status == 77)
        #expect(denied.errors.contains("Run lvsctl as root"))
        try node.expectUnchanged(since: before)
        #expect(try read(path) == whole)
      }
    }

    @Test func `what cannot be remembered is not done`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        // Room for the folder itself and the lock.
        try succeed(["mkdir", "-p", node.stateDirectory])
        try succeed(["mount", "-t", "tmpfs", "-o", "nr_inodes=2,mode=755", "tmpfs", node.stateDirectory])
        defer { _ = try? run(["umount", node.stateDirectory]) }
        let outcome = try node.lvsctl("apply", Clusters.classic)
        #expect(outcome.status == 71)
        for words in [try node.memoryPath(), "Nothing was changed", "LVSCTL_STATE_DIR"] {
          #expect(outcome.errors.contains(words))
        }
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `what is remembered is root's alone to read, and others go on without it`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.apply(Clusters.classic)
        #expect(try succeed(["stat", "--format=%a %u", node.memoryPath()]).output.trimmed == "600 0")
        let nobody = try node.lvsctl(
          "snapshot", Clusters.classic,
          prefix: [
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+net_admin",
            "--ambient-caps=+net_admin",
          ])
        #expect(nobody.status == 0)
        #expect(nobody.errors.contains("Going on without it"))
      }
    }

    @Test func `two namespaces of one machine share no memory and no lock`() throws {
      try Network.classic { network in
        let file = "/run/shared.conf"
        let folders = ["/var/lib/lvsctl", "/run/lvsctl"]
        _ = try run(["rm", "-rf"] + folders)
        defer { _ = try? run(["rm", "-rf"] + folders) }
        try write(Clusters.classic, to: file)
        let before = try network.web2.state()
        let holder = try RunningCommand(
          [lvsctlPath, "apply", file, "--confirm-within", "600"], in: network.web1.name)
        let lock = "/run/lvsctl/\(try network.web1.number()).lock"
        try eventually("it waits") { (try? read(lock))?.contains("awaits") == true }
        #expect(try network.web2.run(lvsctlPath, "apply", file, "--lock-timeout", "0").status == 0)
        #expect(try network.web2.run(lvsctlPath, "confirm").status == 1)
        #expect(try network.web1.run(lvsctlPath, "confirm").status == 0)
        #expect(holder.wait(limit: 30) == 0)
        let own = try [network.web1, network.web2].map { "netns-\(try $0.number()).json" }
        #expect(try names(in: folders[0]) == own.sorted())
        #expect(try network.web2.run(lvsctlPath, "teardown", file).status == 0)
        try network.web2.expectUnchanged(since: before)
        #expect(try names(in: folders[0]) == [own[0]])
      }
    }

    @Test func `a memory of a namespace that is gone says nothing of one with its number`() throws {
      try Network.classic { network in
        let node = network.director2
        try node.apply(Clusters.classic, "--role", "director")
        let path = try node.memoryPath()
        let cookie = try #require(read(path).split(separator: "cookie ").last?.prefix { $0.isNumber })
        try write(read(path).replacing("cookie \(cookie)", with: "cookie 999999"), to: path)
        #expect(try node.plan("diff", Clusters.classic).json["role"] == "standby")
        let teardown = try node.lvsctl("teardown", Clusters.classic)
        #expect(teardown.status == 0)
        #expect(teardown.errors.contains("not remembered"))
      }
    }

    /// In the kernel's first network namespace, as on a machine of its own.
    @Test func `over a restart a role, the cluster and drains last, and values from before do not`() throws {
      let state = "/run/state-first"
      let file = "/run/first.conf"
      func lvsctl(_ words: String...) throws -> Outcome {
        try run([lvsctlPath] + words, environment: ["LVSCTL_STATE_DIR=\(state)"])
      }
      let redirects = ["all", "default"].map { "/proc/sys/net/ipv4/conf/\($0)/send_redirects" }
      let values = try redirects.map { try read($0).trimmed }
      try succeed(["ip", "link", "add", "ens33", "type", "dummy"])
      defer {
        _ = try? run(["ipvsadm", "-C"])
        _ = try? run(["ip", "link", "del", "ens33"])
        for (path, value) in zip(redirects, values) { _ = try? write(value, to: path) }
      }
      try succeed(["ip", "address", "add", "192.168.147.5/24", "dev", "ens33"])
      try succeed(["ip", "link", "set", "ens33", "up"])
      try write(Clusters.classic, to: file)
      let promoted = try lvsctl("apply", file, "--role", "director")
      #expect(promoted.status == 0, "\(promoted.errors)")
      let path = "\(state)/machine.json"
      let boot = try read("/proc/sys/kernel/random/boot_id").trimmed
      #expect(try read(path).contains(boot))
      try write(read(path).replacing(boot, with: "another"), to: path)
      #expect(try lvsctl("drain", "web1", file).status == 0)
      let drains = "\(state)/machine.drains"
      #expect(try read(drains).contains(boot))
      try write(read(drains).replacing(boot, with: "another"), to: drains)
      // Forgotten it would be a difference.
      #expect(try lvsctl("diff", file).status == 0)
      #expect(try succeed(["ipvsadm", "-Sn"]).lines.contains("-a -t 192.168.147.100:80 -r 192.168.147.4:80 -g -w 0"))
      #expect(try lvsctl("undrain", "web1", file).status == 0)
      #expect(access(drains, F_OK) != 0)

      let diff = try lvsctl("diff", file)
      #expect(diff.status == 0, "\(diff.output)")
      #expect(diff.errors.contains("The role director is remembered"))
      try write("name: other\n" + Clusters.classic, to: "/run/second.conf")
      let other = try lvsctl("apply", "/run/second.conf")
      #expect(other.status == 65)
      #expect(other.errors.contains("--replace"))

      let teardown = try lvsctl("teardown", file)
      #expect(teardown.status == 0)
      #expect(teardown.errors.contains("not remembered"))
      #expect(access(path, F_OK) != 0)
    }
  }
}
