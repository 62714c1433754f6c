import Glibc
import Testing

extension RealKernel {
  /// Clients that connect without pause, and others that hold their connections, notice nothing of an apply.
  @Suite struct NoLossTests {
    private static let vip = "192.168.147.100"

    /// Whether a service is without a scheduler for a moment when it gets another one, whoever changes it: the kernel takes
    /// the old one away, waits until nobody reads it, and only then sets the new one (ip_vs_edit_service). Who connects
    /// meanwhile is refused. Where RCU has no tree (one processor, no preemption), that wait is none.
    private static let takesSchedulersAway = access("/sys/module/rcutree", F_OK) == 0

    /// The classic network with a third web server, all three ready for the VIP.
    private func withWebServers(_ body: (Network) throws -> Void) throws {
      let machines: [Machine] =
        [Machine("client", "192.168.147.50/24"), Machine("director1", "192.168.147.6/24")]
        + ["web1", "web2", "web3"].enumerated().map { Machine($1, "192.168.147.\(4 - $0)/24", page: $1) }
      try Network.with(machines.listening(on: 80, 81), body)
    }

    private func cluster(_ service: String, _ more: String...) -> String {
      """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: 192.168.147.3 }
        - { name: web3, address: 192.168.147.2 }
      services:
        - { vip: 192.168.147.100, port: 80, \(service) }
      \(more.map { "  - { vip: 192.168.147.100, \($0) }\n" }.joined())
      """
    }

    /// Holds connections until each of the machines is at the other end of one.
    private func connections(to machines: Set<String>, from client: Namespace) throws -> [LongConnection] {
      var held: [LongConnection] = []
      try eventually("every web server holds a connection") {
        held.append(try LongConnection(from: client, to: Self.vip, port: 80))
        return Set(held.map(\.server)) == machines
      }
      return held
    }

    @Test func `no connection fails and long ones live on while a director is changed in every way`() throws {
      try withWebServers { network in
        let both = "real_servers: [web1, web2]"
        let two = "scheduler: rr, \(both)"
        let limits = "{ server: web1, upper_threshold: 50000, lower_threshold: 9 }"
        for web in ["web1", "web2", "web3"] { try network[web].apply(cluster("scheduler: rr")) }
        try network.director1.apply(cluster(two))
        let held = try connections(to: ["web1", "web2"], from: network.client)
        let visitors = try Visitors(at: network.client, to: Self.vip, port: 80)
        defer { visitors.stop() }
        try eventually("both web servers answer") { Set(visitors.answeredBy.keys) == ["web1", "web2"] }

        let steps: [(what: String, file: String, options: [String])] = [
          ("weights", cluster("scheduler: rr, real_servers: [{ server: web1, weight: 5 }, web2]"), []),
          ("a scheduler", cluster("scheduler: wlc, real_servers: [web1, web2]"), []),
          ("a scheduler with flags", cluster("scheduler: mh, scheduler_flags: [mh-port], \(both)"), []),
          ("a scheduler without flags", cluster("scheduler: rr, \(both)"), []),
          ("a real server more", cluster("scheduler: rr, real_servers: [web1, web2, web3]"), []),
          ("services more", cluster("scheduler: rr", "port: [81, 443]", "port: 53, protocol: udp"), []),
          ("a service less", cluster("scheduler: rr", "port: 81"), []),
          ("persistence", cluster("scheduler: rr, persistence: 60"), []),
          ("another netmask", cluster("scheduler: rr, persistence: { timeout: 30, netmask: 24 }"), []),
          ("no persistence", cluster("scheduler: rr"), []),
          ("thresholds", cluster("scheduler: rr, real_servers: [\(limits), web2, web3]"), []),
          ("a real server less, with grace", cluster(two), ["--graceful", "20"]),
        ]
        var duringApply = 0
        var refusedByKernel = 0
        for step in steps {
          let before = visitors.answered
          let outcome = try network.director1.lvsctl("apply", step.file, step.options)
          duringApply += visitors.answered - before
          #expect(outcome.status == 0, "\(step.what): \(outcome.errors)")
          try eventually("visitors are answered after \(step.what)") { visitors.answered > before + 10 }
          if Self.takesSchedulersAway && step.what.hasPrefix("a scheduler") {
            refusedByKernel +=
              visitors.failures.dropFirst(refusedByKernel)
              .prefix { $0.hasPrefix("connect: Connection refused") }.count
          }
          #expect(visitors.failures.dropFirst(refusedByKernel) == [], "\(step.what)")
          #expect(held.allSatisfy { $0.isAlive() }, "\(step.what)")
        }
        #expect(duringApply >= steps.count)
        #expect(visitors.answeredBy["web3"] ?? 0 > 0)

        // The control: the classic way loses visitors in this very network.
        try eventually("the classic way loses a connection") {
          try network.director1.succeed("ipvsadm -C")
          try network.director1.succeed("ipvsadm -A -t 192.168.147.100:80 -s rr")
          for web in [4, 3] {
            try network.director1.succeed("ipvsadm -a -t 192.168.147.100:80 -r 192.168.147.\(web):80 -g")
          }
          return visitors.failures.count > refusedByKernel
        }
      }
    }

    /// The kernel keeps one route for a real server and all its connections, made by the first packet after an edit
    /// (__ip_vs_get_out_rt), and one made for a tunnel does not carry direct routing: so nobody is connected meanwhile.
    @Test func `a cluster moves from direct routing to tunnels and back`() throws {
      try succeed(["modprobe", "-a", "ipip", "ip_vs"])
      try withWebServers { network in
        for forward in ["dr", "tun", "dr"] {
          for machine in ["web1", "web2", "director1"] {
            try network[machine].apply(cluster("scheduler: rr, forward: \(forward), real_servers: [web1, web2]"))
          }
          let held = try connections(to: ["web1", "web2"], from: network.client)
          #expect(held.allSatisfy { $0.isAlive() }, "\(forward)")
          for connection in held { connection.close() }
          try eventually("no connection is active any more") {
            try ["192.168.147.4:80", "192.168.147.3:80"].allSatisfy {
              try network.director1.activeConnections(of: $0) == 0
            }
          }
        }
        #expect(try network.web1.addresses().contains("192.168.147.100/32 dev lo label lo:0"))
        #expect(try !network.web1.addresses().contains { $0.contains("tunl0") })
      }
    }
  }
}
