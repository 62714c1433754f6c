import Glibc
import Testing

private let service = "tcp 192.168.147.100:80"
private let web1 = "192.168.147.4:80"
private let web2 = "192.168.147.3:80"

extension RealKernel {
  /// `status` shows what the kernel counts, as other tools count it too, and what differs from the file.
  @Suite struct StatusTests {
    @Test func `after fifty requests the counters are those of ipvsadm`() throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        #expect(try network.client.answers(from: "192.168.147.100", count: 50) == ["web1": 25, "web2": 25])
        let node = network.director1
        // The kernel brings its counters up to date every two seconds, and packets of closing connections still come.
        try eventually("fifty connections are counted, and status says the same as ipvsadm") {
          let before = try node.traffic("--stats")
          let report = try node.status(Clusters.classic)
          guard try node.traffic("--stats") == before, before["192.168.147.100:80"]?.first == 50 else { return false }
          #expect(report.status == 0)
          #expect(before.count == 3)
          #expect(report.service(service)["counters"].traffic == before["192.168.147.100:80"])
          #expect(report.realServer(web1, of: service)["counters"].traffic == before[web1])
          #expect(report.realServer(web2, of: service)["counters"].traffic == before[web2])
          #expect(report.realServer(web1, of: service)["counters"]["connections"] == 25)
          return true
        }
        let report = try node.status(Clusters.classic)
        #expect(report.service(service)["counters"]["connections"] == 50)
        #expect(report.realServer(web1, of: service)["name"] == "web1")
        #expect(report.json["node"] == "director1")
        #expect(report.json["role"] == "director")
        #expect(report.json["ipvs"]["version"] == "1.2.1")
        let size = try node.succeed("ipvsadm -Ln").lines.first { $0.contains("(size=") }
        #expect(size?.contains("(size=\(report.json["ipvs"]["connection_table_size"].number ?? -1))") == true)
        try eventually("all connections have ended") {
          try node.status(Clusters.classic).realServer(web2, of: service)["inactive_connections"] == 25
        }
        let text = try node.lvsctl("status", Clusters.classic)
        #expect(text.output.lines.contains { $0.words.starts(with: ["web1", web1, "dr", "1", "0", "25"]) })
        #expect(text.output.lines.contains { $0.words.starts(with: ["web2"]) && $0.hasSuffix(" 50%") })
      }
    }

    @Test func `rates are those of ipvsadm`() throws {
      try Network.classic { network in
        try network.apply(Clusters.classic)
        _ = try network.client.answers(from: "192.168.147.100", count: 50)
        let node = network.director1
        // The kernel's estimates move every two seconds: only a look between two equal ones can be compared.
        try eventually("the kernel has estimated, and status says the same as ipvsadm") {
          let before = try node.traffic("--rate")
          let report = try node.status(nil)
          guard try node.traffic("--rate") == before, let rates = before["192.168.147.100:80"], rates[0] > 0 else {
            return false
          }
          #expect(report.service(service)["rates"].traffic == rates)
          #expect(report.realServer(web1, of: service)["rates"].traffic == before[web1])
          return true
        }
      }
    }

    @Test func `without a file the live table alone is shown, without names`() throws {
      try Network.classic { network in
        try network.director1.apply(Clusters.classic)
        let outcome = try network.director1.run(network.director1.statusCommand(nil, []))
        #expect(outcome.status == 0)
        #expect(outcome.output.lines.contains { $0.words.starts(with: [web1, "dr", "1"]) })
        #expect(!outcome.output.contains("web1"))
        #expect(!outcome.output.contains("Drift"))
        let json = try network.director1.status(nil).json
        for key in ["cluster", "node", "role", "drift", "unmanaged"] { #expect(json[key] == nil) }
      }
    }

    @Test func `drift names exactly what differs and ends with 1`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        #expect(try node.status(Clusters.classic).drift == [])
        try node.succeed("ipvsadm -e -t 192.168.147.100:80 -r \(web2) -g -w 0")
        try node.succeed("ipvsadm -A -t 192.168.147.99:80 -s rr")
        let report = try node.status(Clusters.classic)
        #expect(report.status == 1)
        #expect(report.drift == ["update real_server \(service) -> \(web2)"])
        #expect(report.json["drift"].elements.first?["before"] == ["weight": 0])
        #expect(report.json["drift"].elements.first?["after"] == ["weight": 1])
        #expect(report.json["unmanaged"] == ["tcp 192.168.147.99:80"])

        let text = try node.lvsctl("status", Clusters.classic)
        #expect(text.status == 1)
        #expect(text.output.lines.last == "~ real server \(service) -> \(web2) (web2)  weight 0 → 1")
        #expect(text.output.lines.contains { $0.words.starts(with: ["~", "web2"]) && $0.contains(" weight 0 → 1") })
        #expect(try node.plan("diff", Clusters.classic).changes == report.drift)

        try node.apply(Clusters.classic)
        #expect(try node.lvsctl("status", Clusters.classic).status == 0)
      }
    }

    @Test func `every status is what its schema says`() throws {
      try Network.classic { network in
        let (node, synced) = (network.director1, Clusters.classic + "sync: { interface: ens33, id: 7 }\n")
        var files: [String] = []
        func note(_ machine: Namespace, _ cluster: String?) throws {
          let outcome = try machine.run(machine.statusCommand(cluster, ["--format", "json"]))
          files.append("/run/status-\(files.count).json")
          try write(outcome.output, to: files[files.count - 1])
        }
        try note(node, Clusters.classic)
        try network.apply(synced)
        _ = try network.client.answers(from: "192.168.147.100", count: 4)
        for machine in [node, network.director2, network.web1] { try note(machine, synced) }
        try node.succeed("ipvsadm -A -f 7 -s sh -p 60")
        try node.succeed("ipvsadm -a -f 7 -r 192.168.147.9 -i -w 0")
        try node.ip("address del 192.168.147.100/32 dev ens33", "address add 192.168.147.100/32 dev lo")
        try node.setSysctl("net/ipv4/vs/run_estimation", 0)
        for cluster in [synced, nil] { try note(node, cluster) }
        let project = #filePath.dropLast("Tests/KernelTests/StatusTests.swift".count)
        let schema = "\(project)Examples/status.schema.json"
        let verdicts = try run(["\(project)Tests/schemas/validate", schema] + files)
        #expect(verdicts.output.lines == files.map { "\($0) ok" }, "\(verdicts.errors)")
      }
    }

    @Test func `a server at its upper threshold is overloaded`() throws {
      try Network.classic { network in
        let node = network.director1
        try network.apply(Clusters.classic)
        try node.succeed("ipvsadm -e -t 192.168.147.100:80 -r \(web1) -g -w 1 -x 3")
        _ = try network.client.answers(from: "192.168.147.100", count: 12)
        #expect(try node.status(nil).realServer(web1, of: service)["overloaded"] == true)
        #expect(try node.status(nil).realServer(web2, of: service)["overloaded"] == false)
        let output = try node.lvsctl("status", Clusters.classic).output
        #expect(
          output.lines.contains {
            $0.words.starts(with: ["~", "web1"]) && $0.hasSuffix(" upper_threshold 3 → 0, overloaded")
          })
      }
    }

    @Test func `a real server says whether it is mute, what listens, and where its replies go`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.apply(Clusters.classic)
        func part() throws -> JSON { try node.status(Clusters.classic).json["real_server"] }
        func vip() throws -> JSON { try part()["vips"].elements.first ?? .null }
        #expect(try vip()["address"] == "192.168.147.100")
        #expect(try vip()["interface"] == "lo" && vip()["mute"] == true)
        let port = try #require(try part()["ports"].elements.first)
        let listens = try node.succeed("ss -Hltn sport = :80").output != ""
        #expect(port["port"] == 80 && (port["listening"] == true) == listens && port["address"] == "192.168.147.100")
        try node.succeed("ip netns exec \(node.name) ip addr add 192.168.147.200/32 dev lo")
        let other = try RunningCommand(
          ["busybox", "httpd", "-f", "-p", "192.168.147.200:8080", "-h", "/run"], in: node.name)
        let file =
          Clusters.classic + "  - { vip: 192.168.147.200, port: 8080 }\n  - { vip: 192.168.147.200, port: 8081 }\n"
        try eventually("it listens") { try node.succeed("ss -Hltn sport = :8080").output != "" }
        let ports = try node.status(file).json["real_server"]["ports"].elements.filter { $0["port"] != 80 }
        #expect(ports.map { $0["listening"] } == [true, false])
        kill(other.pid, SIGTERM)

        // Nobody routes for this machine, and then somebody does.
        #expect(try part()["ways_back"].elements.map { $0["reachable"] } == [false])
        try node.ip("route add default via 192.168.147.6")
        let way = try part()["ways_back"].elements.first
        let said = try node.succeed("ip route get 192.0.2.1 from 192.168.147.100").output
        #expect(way?["reachable"] == true && way?["via"] == "192.168.147.6")
        #expect(said.contains("via 192.168.147.6 ") && said.contains("dev \(way?["interface"].string ?? "?") "))

        // What mutes it goes: by the sysctl, and by an address where questions come in.
        try node.setSysctl("net/ipv4/conf/all/arp_ignore", 0)
        #expect(try vip()["mute"] == false)
        #expect(try node.lvsctl("status", Clusters.classic).output.contains("NOT MUTE: 192.168.147.100 on lo"))
        try node.setSysctl("net/ipv4/conf/all/arp_ignore", 1)
        let card = way?["interface"].string ?? "?"
        try node.ip("address add 192.168.147.100/32 dev \(card)")
        #expect(try vip()["mute"] == false && vip()["interface"].string == card)
        try node.ip("address del 192.168.147.100/32 dev \(card)", "address del 192.168.147.100/32 dev lo")
        #expect(try vip()["interface"] == .null)
        #expect(
          try node.lvsctl("status", Clusters.classic).output.contains("VIPs      0 of 1 held, not 192.168.147.100"))
      }
    }

    @Test func `a director says which VIPs it holds`() throws {
      try Network.classic { network in
        for (machine, held) in [("director1", true), ("director2", false)] {
          try network[machine].apply(Clusters.classic)
          let report = try network[machine].status(Clusters.classic)
          #expect(report.json["vips"].elements.map { $0["held"] } == [.init(booleanLiteral: held)])
          #expect(report.json["real_server"] == .null)
          #expect(report.json["time"].string?.wholeMatch(of: #/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/#) != nil)
        }
      }
    }

    @Test func `the file that is named by nobody is that of etc`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        try write(Clusters.classic, to: "/run/etc-\(node.name).conf")
        let copy = "mkdir /etc/lvsctl && cp /run/etc-\(node.name).conf /etc/lvsctl/cluster.conf"
        for (prepare, status) in [("true", 66), (copy, 0)] {
          let line = "mount -t tmpfs tmpfs /etc && \(prepare) && exec \(lvsctlPath) status"
          let outcome = try node.run(
            ["unshare", "--mount", "sh", "-c", line], environment: ["LVSCTL_STATE_DIR=\(node.stateDirectory)"])
          #expect(outcome.status == status, "\(outcome)")
          if status == 0 {
            #expect(outcome.output.hasPrefix("director1 (director) of cluster, "))
          } else {
            #expect(
              outcome.errors.contains("/etc/lvsctl/cluster.conf") && outcome.errors.contains("lvsctl status --live"))
          }
        }
        let both = try node.run(node.statusCommand(Clusters.classic, ["--live"]))
        #expect(both.status == 64 && both.output == "")
      }
    }

    @Test func `a VIP on the wrong interface is drift, with the reason`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        try node.ip("address del 192.168.147.100/32 dev ens33", "address add 192.168.147.100/32 dev lo")
        let report = try node.status(Clusters.classic)
        #expect(report.status == 1)
        #expect(report.json["conflicts"].elements.first?.string?.contains("192.168.147.100/32 dev lo") == true)
        #expect(report.service(service)["scheduler"] == "rr")
      }
    }

    @Test func `where the estimator is off rates are blank and a note says why`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        #expect(try node.status(nil).service(service)["rates"].traffic.count == 5)
        try node.setSysctl("net/ipv4/vs/run_estimation", 0)
        let report = try node.status(nil)
        #expect(report.json["ipvs"]["estimator"] == false)
        #expect(report.service(service)["rates"] == nil)
        #expect(report.service(service)["counters"].traffic.count == 5)
        let text = try node.lvsctl("status", Clusters.classic).output
        #expect(text.contains("net.ipv4.vs.run_estimation is 0"))
        #expect(text.lines.contains { $0.words == ["web1", web1, "dr", "1", "0", "0", "0"] })
      }
    }

    @Test func `standby, real server and sync daemon are shown for what they are`() throws {
      try Network.classic { network in
        let synced = Clusters.classic + "sync: { interface: ens33, id: 7 }\n"
        try network.apply(synced)
        for (machine, role) in [("director1", "director"), ("director2", "standby"), ("web1", "realserver")] {
          let report = try network[machine].status(synced)
          #expect(report.status == 0)
          #expect(report.json["role"].string == role)
        }
        #expect(try network.director1.status(nil).json["sync_daemons"]["master"]["id"] == 7)
        #expect(try network.director2.lvsctl("status", synced).output.contains("sync backup on ens33 id 7"))
      }
    }

    @Test func `a table shows what is asked for, in the order asked for`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Clusters.classic)
        try node.succeed("ipvsadm -e -t 192.168.147.100:80 -r \(web2) -g -w 5")
        func servers(_ options: String...) throws -> [String] {
          let outcome = try node.run(node.statusCommand(Clusters.classic, ["--format", "json"] + options))
          return try JSON(outcome.output)["services"].elements.flatMap { $0["real_servers"].elements }.compactMap {
            $0["name"].string
          }
        }
        #expect(try servers() == ["web1", "web2"])
        #expect(try servers("--sort", "weight") == ["web2", "web1"])
        #expect(try servers("--server", "web2") == ["web2"])
        #expect(try servers("--server", "192.168.147.4", "--vip", "192.168.147.100") == ["web1"])
        #expect(try servers("--vip", "192.168.147.101") == [])
        let unknown = try node.lvsctl("status", Clusters.classic, "--server", "web3")
        #expect(unknown.status == 64)
        #expect(unknown.errors.contains("web1, web2"))
      }
    }
  }
}
