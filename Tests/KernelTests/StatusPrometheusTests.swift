import Glibc
import Testing

extension RealKernel {
  /// What Prometheus gets, as its own tool reads it.
  @Suite struct StatusPrometheusTests {
    @Test func `promtool accepts the metrics, fwmark services of both families among them`() throws {
      try Network.classic { network in
        let node = network.director1
        try network.apply(Clusters.classic)
        #expect(try network.client.answers(from: "192.168.147.100", count: 50) == ["web1": 25, "web2": 25])
        try eventually("the kernel has counted") { try node.traffic("--stats")["192.168.147.100:80"]?.first == 50 }
        for family in ["", " -6"] { try node.succeed("ipvsadm -A -f 10\(family) -s wlc") }
        let outcome = try node.lvsctl("status", Clusters.classic, "--format", "prometheus")
        #expect(outcome.status == 0)
        let check = try run(["promtool", "check", "metrics"], input: outcome.output)
        #expect(check.status == 0)
        #expect(check.output + check.errors == "")

        let labels =
          #"cluster="cluster",node="director1",service="192.168.147.100:80",protocol="tcp",vip_name="""#
        #expect(outcome.output.lines.contains("lvs_service_connections_total{\(labels)} 50"))
        #expect(
          outcome.output.lines.contains(
            #"lvs_real_server_connections_total{\#(labels),real_server="192.168.147.4:80",name="web1"} 25"#))
        #expect(outcome.output.lines.contains(#"lvs_estimator_running{cluster="cluster",node="director1"} 1"#))
        let vip = #"vip="192.168.147.100",vip_name="",held_by="lvsctl""#
        #expect(outcome.output.lines.contains(#"lvs_vip_held{cluster="cluster",node="director1",\#(vip)} 1"#))
        #expect(try node.succeed("ip address").output.contains("inet 192.168.147.100/32"))
        let marks = outcome.output.lines.filter {
          $0.hasPrefix("lvs_service_connections_total{") && $0.contains("fwmark")
        }
        #expect(Set(marks).count == 2)

        let alone = try node.run(node.statusCommand(nil, ["--format", "prometheus"]))
        #expect(try run(["promtool", "check", "metrics"], input: alone.output).status == 0)
      }
    }

    @Test func `a file is written whole or not at all`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        let folder = "/run/metrics-\(node.name)"
        #expect(mkdir(folder, 0o755) == 0)
        let file = "\(folder)/lvs.prom"
        try write("what was there\n", to: file)
        let reader = open(file, O_RDONLY | O_CLOEXEC)
        defer { close(reader) }

        let outcome = try node.lvsctl("status", Clusters.classic, "--format", "prometheus", "--output", file)
        #expect(outcome.status == 0)
        #expect(outcome.output == "")
        // Who had the old file open still reads all of it: the new one took its name, and did not overwrite it.
        #expect(try read("/proc/self/fd/\(reader)") == "what was there\n")
        let written = try read(file)
        #expect(try run(["promtool", "check", "metrics"], input: written).status == 0)
        #expect(try names(in: folder) == ["lvs.prom"])
        var status = stat()
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o644)

        // Who may read it is the operator's to say.
        #expect(chmod(file, 0o640) == 0 && chown(file, 7, 8) == 0)
        try node.lvsctl("status", Clusters.classic, "--format", "prometheus", "--output", file)
        #expect(stat(file, &status) == 0 && status.st_mode & 0o777 == 0o640)
        #expect(status.st_uid == 7 && status.st_gid == 8)

        let missing = try node.lvsctl(
          "status", Clusters.classic, "--format", "prometheus", "--output", "\(folder)/none/lvs.prom")
        #expect(missing.status > 1)
        #expect(missing.errors.contains("\(folder)/none/lvs.prom: No such file or directory"))
      }
    }
  }
}
