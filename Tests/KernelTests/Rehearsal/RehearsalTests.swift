import LVSNode
import LVSRehearsal
import LVSSandbox
import TestSupport
import Testing

extension RealKernel {
  /// What a rehearsal makes of clusters of other kinds than the examples.
  struct RehearsalTests {
    private func cluster(_ services: String, _ more: String = "") -> String {
      """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
        - { name: director2, address: 192.168.147.5, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: 192.168.147.3, weight: 3 }
      services:
        - { vip: 192.168.147.100, \(services) }
      \(more)

      """
    }

    @Test func `SCTP, one-packet UDP and a port for all are asked like TCP`() throws {
      let text = cluster(
        "port: 2905, protocol: sctp, scheduler: rr",
        """
          - { vip: 192.168.147.100, port: 53, protocol: udp, scheduler: wrr, one_packet: true }
          - { vip: 192.168.147.101, port: 0, persistence: 60, scheduler: rr }
        """)
      let report = try rehearse(text, only: [.apply, .answers, .shares, .directReturn, .persistence])
      #expect(report.failures == [])
      #expect(
        report.tallies.map(\.service) == [
          "sctp 192.168.147.100:2905", "udp 192.168.147.100:53", "tcp 192.168.147.101:0",
        ])
      #expect(report.tallies.allSatisfy { $0.lost == 0 })
      #expect(report.tallies[0].answers.map(\.count) == [20, 20])
      #expect(report.tallies[1].answers.map(\.count) == [30, 10], "\(report.tallies[1].answers)")
      #expect(report.results(.persistence).map(\.result) == [.pass])
    }

    @Test(arguments: ["lc", "wlc", "sed", "nq", "sh", "mh", "dh", "lblc", "fo", "ovf"])
    func `each scheduler shares as it is expected to`(scheduler: String) throws {
      let report = try rehearse(
        cluster("port: 80, scheduler: \(scheduler)"), only: [.apply, .answers, .shares])
      #expect(report.failures == [], "\(report.checks)")
    }

    @Test func `a kernel without a module that the file needs is told so`() throws {
      // The newest of the schedulers, which neither of the kernels has that these tests run on.
      #expect(try run(["modprobe", "--show-depends", "-q", "ip_vs_twos"]).status != 0)
      do {
        _ = try rehearse(cluster("port: 80, scheduler: twos"), only: [.apply])
        Issue.record("it was rehearsed")
      } catch let failure as NodeFailure {
        #expect(failure.kind == .noIPVS && failure.message.text.contains("ip_vs_twos"), "\(failure.message)")
      }
    }

    @Test func `two boxes that direct and serve are rehearsed as what they are`() throws {
      let text = """
        directors:
          - { name: box1, address: 192.168.147.4, interface: ens33 }
          - { name: box2, address: 192.168.147.3, interface: ens33 }
        real_servers: [{ name: box1, address: 192.168.147.4 }, { name: box2, address: 192.168.147.3 }]
        services: [{ vip: 192.168.147.100, port: 80, scheduler: rr }]

        """
      let report = try rehearse(text)
      #expect(report.failures == [])
      #expect(report.results(.failover).map(\.result) == [.pass])
      #expect(report.tallies.first?.answers.map(\.count) == [20, 20])
    }

    @Test func `a change under traffic loses nothing where nothing leaves`() throws {
      let old = cluster("port: 80, scheduler: rr")
      let new = old.replacing("scheduler: rr", with: "scheduler: wrr")
        .replacing("weight: 3 }", with: "weight: 2 }\n  - { name: web3, address: 192.168.147.2 }")
      let report = try rehearse(new, from: old, only: [.apply, .change, .shares])
      #expect(report.failures == [])
      #expect(report.results(.change).first?.evidence.text.hasPrefix("0 of ") == true, "\(report.checks)")
      #expect(report.results(.apply).count == 5, "\(report.checks)")
      #expect(report.tallies.first?.answers.map(\.count).reduce(0, +) == 40)
    }

    @Test func `a real server that leaves a service keeps the VIP until no director sends there, and loses nobody`()
      throws
    {
      let old = cluster("port: 80, scheduler: rr")
      let new = old.replacing("port: 80, scheduler: rr", with: "port: 80, scheduler: rr, real_servers: [web1]")
      let report = try rehearse(new, from: old, only: [.change])
      let change = try #require(report.results(.change).first)
      #expect(change.result == .pass && change.evidence.text.hasPrefix("0 of "), "\(change)")
    }

    @Test(arguments: ["gone", "swapped"])
    func `the active director lets go of the VIP before its heir takes it, which is not refused then`(change: String)
      throws
    {
      let old = cluster("port: 80, scheduler: rr")
      let first = "  - { name: director1, address: 192.168.147.6, interface: ens33 }\n"
      let alone = old.replacing(first, with: "")
      let new = change == "gone" ? alone : alone.replacing("real_servers:\n", with: "\(first)real_servers:\n")
      let report = try rehearse(new, from: old, only: [.apply, .change])
      // A connection that is open while the VIP moves is none that the heir knows, without sync, and its kernel resets it.
      let others = report.failures.filter { !$0.hasPrefix("change ") || !$0.contains("Connection reset by peer") }
      #expect(others == [])
      #expect(report.results(.apply).last?.node == "director2", "\(report.checks)")
    }

    @Test func `a change that takes a VIP from a real server and gives it another one is told by what it loses`() throws
    {
      let second = "\n  - { vip: 192.168.147.101, port: 80, scheduler: rr, real_servers: [web"
      let old = cluster("port: 80, scheduler: rr")
      let both = old.replacing("port: 80, scheduler: rr }", with: "port: 80, scheduler: rr }\(second)1] }")
      let new = old.replacing(
        "port: 80, scheduler: rr }", with: "port: 80, scheduler: rr, real_servers: [web1] }\(second)2] }")
      #expect(both != old && new != old)
      let report = try rehearse(new, from: both, only: [.change])
      let change = try #require(report.results(.change).first)
      #expect(change.result == .fail && !change.evidence.text.hasPrefix("0 of "), "\(change)")
    }

    @Test func `twenty real servers have a network of their own each time`() throws {
      let names = (1...20).map { "  - { name: web\($0), address: 10.0.0.\($0 + 9) }" }.joined(separator: "\n")
      let text = """
        directors: [{ name: director1, address: 10.0.0.1, interface: ens33 }]
        real_servers:
        \(names)
        services: [{ vip: 10.0.0.100, port: 80, scheduler: rr }]

        """
      let report = try rehearse(text, only: [.apply, .secondApply, .answers, .shares, .vipOwner])
      #expect(report.failures == [] && report.results(.answers).count { $0.result == .pass } == 20)
    }

    @Test func `on a kernel with IPVS it runs in namespaces that nobody else sees`() throws {
      let before = try run(["ip", "-j", "link"]).output
      let outcome = try run(
        [
          lvsctlPath, "rehearse", "\(projectFolder)/Examples/cluster.conf", "--kernel", "namespaces", "--format",
          "json",
        ],
        limit: 120)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(try JSON(outcome.output)["checks"].elements.count == 17)
      #expect(try run(["ip", "netns", "list"]).output == "" && run(["ip", "-j", "link"]).output == before)
    }

    @Test func `a service whose packets nobody marks is skipped, and not passed`() throws {
      let text = """
        directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
        real_servers: [{ name: web1, address: 192.168.147.4 }]
        services: [{ fwmark: 10, scheduler: rr, forward: nat }]

        """
      let report = try rehearse(text, only: [.answers, .shares])
      #expect(report.checks.map(\.result) == [.skip], "\(report.checks)")
      #expect(report.checks.first?.evidence.text.contains("The file lists no VIP for its packets.") == true)
    }
  }
}
