import Glibc
import LVSSystem
import Testing

extension RealKernel {
  /// A director that lvsctld keeps: what something else changes is set right again.
  @Suite struct MendingTests {
    private static let vip = "192.168.147.100"
    private static let address = "192.168.147.100/32 dev ens33 label ens33:0"

    /// The classic director, kept; drift that the kernel does not tell of is looked for every so many seconds.
    private func withKept(
      _ file: String = Clusters.classic, interval: String = "1", ipv6: Bool = false,
      body: (Namespace, RunningLvsctld, NodeState) throws -> Void
    ) throws {
      try Network.with(ipv6 ? .dualStack() : .classic) { network in
        let director = network.director1
        let kept = try director.keep(file, "--interval", interval)
        try body(director, kept, try director.state())
      }
    }

    @Test func `what ipvsadm changes is set back, and the log says what, from what to what`() throws {
      try withKept { director, kept, before in
        try director.succeed("ipvsadm -e -t \(Self.vip):80 -r 192.168.147.4:80 -g -w 7")
        try eventually("the weight is set back") { try director.state() == before }
        #expect(
          kept.log.contains(
            "Mended: update real server tcp \(Self.vip):80 -> 192.168.147.4:80 (web1): weight 7 → 1"), "\(kept.log)")
        try director.succeed("ipvsadm -D -t \(Self.vip):80")
        try eventually("the service is there again") { try director.state() == before }
        #expect(kept.log.contains("Mended: create service tcp \(Self.vip):80"), "\(kept.log)")
        try director.succeed("ipvsadm -a -t \(Self.vip):80 -r 192.168.147.50:80 -g")
        try eventually("the stranger is gone") { try director.state() == before }
        try director.succeed("ipvsadm -C")
        try eventually("all is there again") { try director.state() == before }
      }
    }

    /// With an hour between two looks at IPVS only the kernel's own word can bring lvsctld to look.
    @Test func `addresses come back at once, since the kernel tells of them`() throws {
      try withKept(interval: "3600") { director, kept, before in
        try director.ip("address delete \(Self.vip)/32 dev ens33")
        try eventually("the VIP is back: \(kept.log)") { try director.addresses().contains(Self.address) }
        #expect(kept.log.contains("Mended: create address \(Self.vip)/32 dev ens33"), "\(kept.log)")
        try director.ip("address flush dev ens33 label ens33:0")
        try eventually("the VIP is back again") { try director.state() == before }
        #expect(kept.process.wait(limit: 0) == 137)
      }
    }

    /// A card that goes down loses its IPv6 addresses (addrconf_ifdown of net/ipv6/addrconf.c).
    @Test func `an IPv6 VIP is back after its interface was down`() throws {
      try withKept(Clusters.dualStack, interval: "3600", ipv6: true) { director, kept, before in
        try director.ip("link set ens33 down")
        try director.ip("link set ens33 up", "address add 2001:db8:147::6/64 dev ens33 nodad")
        try eventually("both VIPs are there: \(kept.log)") {
          try director.addresses().isSuperset(of: before.addresses)
        }
      }
    }

    @Test func `a sysctl that something else sets is set back`() throws {
      try withKept { director, kept, before in
        try director.setSysctl("net/ipv4/conf/ens33/send_redirects", 1)
        try eventually("it is set back: \(kept.log)") { try director.state() == before }
        #expect(kept.log.contains("Mended: update sysctl net.ipv4.conf.ens33.send_redirects: 1 → 0"), "\(kept.log)")
      }
    }

    /// The other program here writes as often as lvsctld lets it: each time that it finds its own weight gone.
    @Test func `a program that changes a service again and again is reported, and left alone for longer and longer`()
      throws
    {
      try withKept(interval: "0.2") { director, kept, _ in
        let deadline = Deadline(after: 60)
        var writes = 0
        while kept.count(of: "Another program keeps changing the service tcp \(Self.vip):80") < 2, !deadline.isOver {
          if try director.weight("192.168.147.4:80") == 1 {
            try director.succeed("ipvsadm -e -t \(Self.vip):80 -r 192.168.147.4:80 -g -w 5")
            writes += 1
          }
          Monotonic.pause(0.05)
        }
        #expect(kept.count(of: "Another program keeps changing the service tcp \(Self.vip):80") >= 2, "\(kept.log)")
        // Three in a row make a contest, and each one after it is one report.
        #expect(kept.count(of: "Mended: update real server") <= 5, "\(kept.log)")
        #expect(writes <= 6)
        // What else drifts is mended meanwhile.
        try director.setSysctl("net/ipv4/conf/ens33/send_redirects", 1)
        try eventually("the sysctl is set back: \(kept.log)") {
          try director.sysctl("net/ipv4/conf/ens33/send_redirects") == "0"
        }
      }
    }

    @Test func `a change of the file is no mend, and neither is what lvsctld does itself`() throws {
      try withKept { director, kept, _ in
        try kept.reload(Clusters.classic(scheduler: "wlc"))
        #expect(try director.ipvs().contains("-A -t \(Self.vip):80 -s wlc"))
        #expect(kept.log.contains("Done: update service tcp \(Self.vip):80: scheduler rr → wlc"), "\(kept.log)")
        #expect(!kept.log.contains("Mended"), "\(kept.log)")
      }
    }

    @Test func `lvsctl apply beside it is not fought, and takes the same lock`() throws {
      try withKept(interval: "0.2") { director, kept, before in
        let holder = try director.start("flock", try director.lockPath(), "sleep", "60")
        try eventually("the lock is held") { try director.lock().holders == 1 }
        try director.succeed("ipvsadm -D -t \(Self.vip):80")
        try eventually("lvsctld says that it waits: \(kept.log)") { kept.log.contains("lvsctld waits for it") }
        #expect(try director.ipvs() == [])
        holder.stop()
        try eventually("it goes on: \(kept.log)") { try director.state() == before }
        #expect(kept.count(of: "Another lvsctl is changing") == 1)
        try director.apply(Clusters.classic)
        #expect(try director.lvsctl("diff", Clusters.classic).status == 0)
      }
    }

    @Test func `a file that was edited and applied is followed, and not taken back`() throws {
      try withKept(interval: "0.2") { director, kept, _ in
        let edited = Clusters.classic(scheduler: "wlc")
        try kept.rewrite(edited)
        let apply = try director.run(
          lvsctlPath, "apply", kept.path, environment: ["LVSCTL_STATE_DIR=\(director.stateDirectory)"])
        #expect(apply.status == 0, "\(apply.errors)")
        try eventually("it is followed: \(kept.log)") { kept.log.contains("it is in force now") }
        #expect(try director.ipvs().contains("-A -t \(Self.vip):80 -s wlc"))
        #expect(!kept.log.contains("Mended"), "\(kept.log)")
        try director.succeed("ipvsadm -C")
        try eventually("it mends by the new file") {
          try director.ipvs().contains("-A -t \(Self.vip):80 -s wlc")
        }
      }
    }

    @Test func `a file that was edited and not applied changes nothing until it is to be read`() throws {
      try withKept(interval: "0.2") { director, kept, before in
        try kept.rewrite(Clusters.classic(scheduler: "wlc"))
        try director.succeed("ipvsadm -C")
        try eventually("it mends by the file that it read: \(kept.log)") { try director.state() == before }
      }
    }

    @Test func `a second one is refused, and ends with 75`() throws {
      try withKept { director, kept, before in
        let second = try director.run(
          lvsctldPath, kept.path, environment: ["LVSCTL_STATE_DIR=\(director.stateDirectory)"])
        #expect(second.status == 75, "\(second.errors)")
        #expect(second.errors.contains("Another lvsctld keeps this machine"))
        try director.expectUnchanged(since: before)
      }
    }

    @Test func `a reload while another lvsctl holds the lock comes when it has let go`() throws {
      try withKept(interval: "0.2") { director, kept, before in
        let holder = try director.start("flock", try director.lockPath(), "sleep", "60")
        try eventually("the lock is held") { try director.lock().holders == 1 }
        try kept.rewrite(Clusters.classic(scheduler: "wlc"))
        kept.send(SIGHUP)
        try eventually("lvsctld says that it waits: \(kept.log)") { kept.log.contains("lvsctld waits for it") }
        try director.expectUnchanged(since: before)
        holder.stop()
        try eventually("the file is read: \(kept.log)") {
          try director.ipvs().contains("-A -t \(Self.vip):80 -s wlc")
        }
      }
    }

    /// The address of the file on another interface is what no plan can get around (see the planner's conflicts).
    @Test func `while something stands in the way of a round, real servers follow their health all the same`() throws {
      try Network.withoutPages { network in
        let (first, second) = (try WebServer(network.web1), try WebServer(network.web2))
        let director = network.director1
        let kept = try director.keep(CheckedCluster.file(), "--interval", "1")
        try director.ip("link add other type dummy", "address add \(Self.vip)/32 dev other")
        try director.ip("address delete \(Self.vip)/32 dev ens33")
        try eventually("it is reported: \(kept.log)") { kept.log.contains("dev other") || kept.log.contains("other") }
        first.stop()
        try eventually("web1 is out: \(kept.log)") { try director.weight("192.168.147.4:80") == 0 }
        try first.start()
        try eventually("web1 is back: \(kept.log)") { try director.weight("192.168.147.4:80") == 1 }
        #expect(try !director.addresses().contains(Self.address))
        try director.ip("link delete other")
        try eventually("all is well again: \(kept.log)") { kept.log.contains("is as it should be again") }
        #expect(try director.addresses().contains(Self.address))
        withExtendedLifetime(second) {}
      }
    }

    @Test func `SIGTERM ends it with 0, and everything stays`() throws {
      try withKept { director, kept, before in
        kept.send(SIGTERM)
        #expect(kept.process.wait(limit: 20) == 0)
        #expect(kept.log.contains("Ended by SIGTERM"))
        try director.expectUnchanged(since: before)
      }
    }

    @Test func `killed at any moment it leaves everything as it is`() throws {
      try withKept { director, kept, before in
        kept.process.stop()
        try director.expectUnchanged(since: before)
        try kept.startAgain()
        try eventually("the next one is there") { kept.count(of: "This node is director1") == 2 }
        try director.expectUnchanged(since: before)
      }
    }
  }
}
