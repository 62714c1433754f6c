import Glibc
import Testing

extension RealKernel {
  /// The metrics of lvsctld, as Prometheus' own tool and a reader see them.
  @Suite struct KeepingMetricsTests {
    @Test func `promtool takes them, and they follow what happens`() throws {
      try Network.withoutPages { network in
        let file = CheckedCluster.file()
        let (first, second) = (try WebServer(network.web1), try WebServer(network.web2))
        let path = "/run/lvsctld-\(network.director1.name).prom"
        let kept = try network.director1.keep(file, "--interval", "1", "--metrics", path)
        func metric(_ line: String) throws -> Bool {
          (try? read(path))?.lines.contains { $0 == line } ?? false
        }
        let web1 =
          #"{cluster="cluster",node="director1",real_server="192.168.147.4:80",name="web1",check="http / timeout 1"}"#
        try eventually("the checks are up: \(kept.log)") { try metric("lvsctld_check_up\(web1) 1") }
        let answer = try run(["promtool", "check", "metrics"], input: try read(path))
        #expect(answer.status == 0, "\(answer.output)\(answer.errors)")
        let node = #"{cluster="cluster",node="director1"}"#
        #expect(try metric("lvsctld_configuration_valid\(node) 1"))
        #expect(try metric("lvsctld_kept\(node) 1"))
        first.stop()
        try eventually("web1 is down") { try metric("lvsctld_check_up\(web1) 0") }
        #expect(try metric("lvsctld_check_transitions_total\(web1) 2"))
        try network.director1.succeed("ipvsadm -C")
        try eventually("the mend is counted") {
          try metric(#"lvsctld_mends_total{cluster="cluster",node="director1",kind="service"} 1"#)
        }
        try kept.reload("nothing: right\n")
        try eventually("the file is not valid") { try metric("lvsctld_configuration_valid\(node) 0") }
        let last = try run(["promtool", "check", "metrics"], input: try read(path))
        #expect(last.status == 0, "\(last.output)\(last.errors)")
        withExtendedLifetime(second) {}
      }
    }

    @Test func `services that ask the same question ask it once`() throws {
      try Network.withoutPages { network in
        let services = (1...200).map { number in
          "  - { vip: 192.168.148.\(number), port: 80, check: { type: tcp, port: 8080, interval: 1 }, real_servers: [web1] }"
        }
        let file = """
          directors: [{ name: director1, address: 192.168.147.6, interface: ens33 }]
          real_servers: [{ name: web1, address: 192.168.147.4 }]
          services:
          \(services.joined(separator: "\n"))

          """
        let server = try WebServer(network.web1, port: 8080)
        let path = "/run/lvsctld-\(network.director1.name).prom"
        // The SYNs that reach the server, counted by its own kernel.
        try network.web1.succeed("iptables-legacy -A INPUT -p tcp --dport 8080 --syn -j ACCEPT")
        let kept = try network.director1.keep(file, "--interval", "1", "--metrics", path)
        func passes() throws -> Int {
          let line = (try? read(path))?.lines.first { $0.hasPrefix("lvsctld_check_passes_total{") }
          return line?.words.last.flatMap { Int($0) } ?? 0
        }
        try eventually("it was asked some times: \(kept.log)") { try passes() >= 3 }
        kept.send(SIGTERM)
        #expect(kept.process.wait(limit: 20) == 0)
        let counters = try network.web1.succeed("iptables-legacy -nvxL INPUT").lines
        let packets = counters.first { $0.contains("dpt:8080") }?.words.first.flatMap { Int($0) } ?? 0
        // Each pass is a SYN; one or a few may have come since the metrics were written last.
        #expect(packets >= 3 && packets <= 20, "\(packets)")
        #expect(try read(path).lines.count { $0.hasPrefix("lvsctld_check_up{") } == 1)
        withExtendedLifetime(server) {}
      }
    }
  }
}
