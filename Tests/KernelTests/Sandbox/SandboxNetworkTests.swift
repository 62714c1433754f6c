import LVSSystem
import Testing

extension RealKernel {
  /// The sandbox's machines, by ip.
  @Suite struct SandboxNetworkTests {
    private static func namespaces() throws -> [String] {
      try run(["ip", "netns", "list"]).lines.map { $0.words[0] }.sorted()
    }

    @Test func `machines are found under their own names, and odd names under similar ones`() throws {
      let names = ["web1", "switches", "web 1", "web/1", "web-1", "-n", "Küche", "..", "a.b_c-D"]
      let machines = names.enumerated().map { Machine($1, "10.0.0.\($0 + 1)/24") }
      try Network.with(machines, naming: .exact) { network in
        #expect(
          try Self.namespaces() == [
            "K-che", "a.b_c-D", "machine", "n", "switches", "switches-2", "web-1", "web-1-2", "web-1-3", "web1",
          ])
        for (index, name) in names.enumerated() {
          let link = try network[name].json("address", "show", "dev", "ens33").elements.first
          #expect(
            link?["addr_info"].elements.contains { $0["local"].string == "10.0.0.\(index + 1)" } == true, "\(name)")
        }
        // Two more at the same time, whose names have a number.
        try Network.with(machines) { other in
          let all = try Self.namespaces()
          #expect(all.count == 20)
          #expect(other["web1"].name.hasPrefix("web1-"))
        }
      }
      #expect(try Self.namespaces() == [])
    }

    @Test func `a network may be called by any text, and routes lead over IPv4 and IPv6`() throws {
      let machines = [
        Machine(
          "client", links: [Link(lan: "10.0.0.0/24, in front", addresses: ["10.0.0.1/24", "2001:db8:1::1/64"])],
          routes: ["default via 10.0.0.2", "default via 2001:db8:1::2", "blackhole 10.9.0.0/16"]),
        Machine(
          "router",
          links: [
            Link(lan: "10.0.0.0/24, in front", addresses: ["10.0.0.2/24", "2001:db8:1::2/64"]),
            Link(name: "ens34", lan: "behind", addresses: ["10.0.1.2/24", "2001:db8:2::2/64"]),
          ]),
        Machine(
          "web1", links: [Link(lan: "behind", addresses: ["10.0.1.1/24", "2001:db8:2::1/64"])],
          routes: ["10.0.0.0/24 via 10.0.1.2", "2001:db8:1::/64 via 2001:db8:2::2"], page: "web1"),
      ]
      try Network.with(machines) { network in
        // What ip says of it.
        let addresses = try network["web1"].succeed("ip -o address show dev ens33").lines
        #expect(addresses.contains { $0.contains("inet 10.0.1.1/24 scope global ens33") }, "\(addresses)")
        #expect(addresses.contains { $0.contains("inet6 2001:db8:2::1/64 scope global") }, "\(addresses)")
        let routes =
          try network.client.succeed("ip route show").lines + network["web1"].succeed("ip -6 route show").lines
        #expect(routes.contains("default via 10.0.0.2 dev ens33"), "\(routes)")
        #expect(routes.contains { $0.hasPrefix("2001:db8:1::/64 via 2001:db8:2::2 dev ens33 ") }, "\(routes)")
        try network["router"].setSysctl("net/ipv4/ip_forward", 1)
        try network["router"].setSysctl("net/ipv6/conf/all/forwarding", 1)
        #expect(routes.contains("blackhole 10.9.0.0/16"), "\(routes)")
        for address in ["10.0.1.1", "2001:db8:2::1"] { #expect(try network.client.get(address) == "web1") }
      }
    }

    @Test func `an IPv6 address of a machine is never tentative, however it is written`() throws {
      let machines = [Machine("web1", "10.0.0.1/24", "2001:db8::1/64", "2001:db8::2/64 preferred_lft 0")]
      try Network.with(machines) { network in
        for address in ["2001:db8::1", "2001:db8::2"] {
          // bind(2) wants an address that is final.
          _ = try Datagrams(at: network["web1"], address: address, port: 5000)
          let said = try network["web1"].succeed("ip -o address show to \(address)")
          #expect(said.lines.allSatisfy { $0.words.contains("nodad") } && said.lines.count == 1, "\(said.lines)")
        }
      }
    }

    /// For whoever reads how long it takes.
    @Test func `a network of many machines is made, and all of them answer`() throws {
      let webs = (1...22).map { Machine("web\($0)", "10.0.0.\($0)/24", "2001:db8::\($0)/64", page: "web\($0)") }
      let machines =
        webs + [Machine("client", "10.0.0.100/24", "2001:db8::64/64"), Machine("director1", "10.0.0.101/24")]
      let begin = Monotonic.now
      try Network.with(machines) { network in
        let made = Monotonic.now
        for host in 1...22 {
          for address in ["10.0.0.\(host)", "2001:db8::\(host)"] {
            let answers = try ask(network.client, Question(.tcp, to: address, port: 80), count: 1)
            #expect(answers == [.from("web\(host)")])
          }
        }
        let responder = try Responder(network["web1"], name: "web1", ports: [(.udp, 80)])
        defer { responder.stop() }
        var rates: [String] = []
        for transport in [Transport.tcp, .udp] {
          let (begin, questions) = (Monotonic.now, 1000)
          let answers = try ask(network.client, Question(transport, to: "10.0.0.1", port: 80), count: questions)
          #expect(answers.byName == ["web1": questions])
          rates.append("\(Int(Double(questions) / (Monotonic.now - begin))) over \(transport.rawValue)")
        }
        print("sandbox: 24 machines in \(Self.rounded(made - begin)) s; questions a second:", rates)
      }
    }

    private static func rounded(_ seconds: Double) -> Double { (seconds * 100).rounded() / 100 }
  }
}
