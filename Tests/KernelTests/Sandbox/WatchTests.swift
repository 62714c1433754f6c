import LVSSystem
import Testing

extension RealKernel {
  /// What the sandbox sees on its switches, beside what tcpdump sees at the client.
  @Suite struct WatchTests {
    private static let vip = "192.168.147.100"

    @Test func `answers are told by the machine that sent them, and a director that only forwards sent none`() throws {
      try Network.classic { network in
        let watch = try Watch(network)
        defer { watch.stop() }
        let wiretap = try Wiretap(at: network.client, "src host \(Self.vip) and tcp[tcpflags] == (tcp-syn|tcp-ack)")
        try network.buildByHand()
        let question = Question(.tcp, to: Self.vip, port: 80)
        #expect(try ask(network.client, question, count: 6).byName == ["web1": 3, "web2": 3])
        let replies = watch.replies()
        #expect(Set(replies.map(\.machine)) == ["web1", "web2"])
        #expect(replies.allSatisfy { $0.transport == .tcp && $0.packets == 1 })
        let seen = replies.map {
          "\($0.sourceAddress).\($0.sourcePort) > \($0.destinationAddress).\($0.destinationPort):"
        }
        #expect(seen == (try wiretap.packets(6).map { $0.words[2...4].joined(separator: " ") }))
      }
    }

    @Test func `a mark parts what was sent before it from what is sent after it`() throws {
      try Network.with(.dualStack().withoutPages) { network in
        let responder = try Responder(network.web1, name: "web1", ports: [(.udp, 53)])
        defer { responder.stop() }
        let watch = try Watch(network)
        defer { watch.stop() }
        let client = try Datagrams(at: network.client, address: "2001:db8:147::50", port: 5000)
        func exchange(_ count: Int) throws {
          for number in 1...count { try client.send("\(number)", to: "2001:db8:147::4", port: 53) }
          var answers: [String] = []
          try eventually("all are answered") {
            answers += client.received()
            return answers.count == count
          }
        }
        func packets(since mark: Int) -> [String: Int] {
          Dictionary(watch.replies(since: mark).map { ($0.machine, $0.packets) }, uniquingKeysWith: +)
        }
        try exchange(3)
        let first = watch.mark()
        try exchange(2)
        let second = watch.mark()
        #expect(packets(since: second) == [:])
        try exchange(1)
        #expect(packets(since: second) == ["client": 1, "web1": 1])
        #expect(packets(since: first) == ["client": 3, "web1": 3])
        #expect(packets(since: 0) == ["client": 6, "web1": 6])
        #expect(watch.replies().first { $0.machine == "web1" }?.sourceAddress == "2001:db8:147::4")
        #expect(watch.lost == 0 && watch.forgotten == 0)
      }
    }

    @Test func `whoever says that it holds an address is told by its machine, in whatever way it says so`() throws {
      try Network.with(.dualStack()) { network in
        let watch = try Watch(network)
        defer { watch.stop() }
        let hardware = try ["director1", "web1"].map { try #require(try network[$0].hardwareAddress()) }
        let wiretap = try Wiretap(at: network.client, "arp[6:2] == 2 and arp[14:4] == 0xc0a89364")
        // web1 has the VIP without the sysctls that keep it quiet.
        try network.web1.ip("address add \(Self.vip)/32 dev lo")
        try network.director1.ip("address add \(Self.vip)/32 dev ens33")
        _ = try network.client.run("busybox", "arping", "-c", "1", "-w", "1", "-I", "ens33", Self.vip)
        let answers = try wiretap.packets(2).joined()
        #expect(hardware.allSatisfy { answers.contains($0) }, "\(answers)")
        func claims(_ kind: Watch.Claim.Kind, _ address: String = Self.vip) -> [String: String] {
          watch.claims().filter { $0.kind == kind && $0.address == address }
            .reduce(into: [:]) { $0[$1.machine] = $1.hardwareAddress }
        }
        #expect(claims(.arpReply) == ["director1": hardware[0], "web1": hardware[1]])
        #expect(claims(.arpAnnouncement) == [:])
        _ = try network.director1.run("busybox", "arping", "-U", "-c", "1", "-w", "1", "-I", "ens33", Self.vip)
        #expect(claims(.arpAnnouncement) == ["director1": hardware[0]])
        // A question from the VIP, as without arp_announce.
        #expect(claims(.arpQuestion)["web1"] == nil)
        _ = try network.web1.run("busybox", "ping", "-c", "1", "-W", "1", "-I", Self.vip, "192.168.147.3")
        #expect(claims(.arpQuestion)["web1"] == hardware[1])

        let v6 = "2001:db8:147::4"
        #expect(claims(.neighbourAdvertisement, v6) == [:])
        #expect(try network.client.get(v6) == "web1")
        #expect(claims(.neighbourAdvertisement, v6) == ["web1": hardware[1]])
        let times = watch.claims().map(\.seconds)
        #expect(times == times.sorted() && (times.last ?? .infinity) <= Monotonic.now)
      }
    }

    @Test func `a capture has what each machine sent and received, as tcpdump reads it`() throws {
      let machines = [
        Machine("client", "192.168.147.50/24"), Machine("web 1/a", "192.168.147.4/24", page: "web 1"),
        Machine("idle", "192.168.147.5/24"),
      ]
      try Network.with(machines) { network in
        let folder = "/run/capture-\(network.client.name)"
        try succeed(["mkdir", folder])
        let capture = try Capture(network, folder: folder)
        #expect(try network.client.get("192.168.147.4") == "web 1")
        try capture.stop()
        #expect(capture.lost == 0)
        func read(_ name: String) throws -> [String] {
          try succeed(["tcpdump", "-n", "-r", "\(folder)/\(name).pcap", "tcp"]).lines.map {
            $0.words.dropFirst().joined(separator: " ")
          }
        }
        let seen = try read("client")
        #expect(seen.contains { $0.contains("192.168.147.50.") && $0.contains("HTTP: GET /?1 HTTP/1.1") }, "\(seen)")
        #expect(seen.contains { $0.hasPrefix("IP 192.168.147.4.80 > ") && $0.contains("HTTP/1.1 200 OK") }, "\(seen)")
        #expect(try read("web-1-a") == seen)
        #expect(try read("idle") == [])
        // What goes to everybody has gone to it as well.
        let arp = try succeed(["tcpdump", "-n", "-r", "\(folder)/idle.pcap", "arp"]).output
        #expect(arp.contains("who-has 192.168.147.4 tell 192.168.147.50"), "\(arp)")
      }
    }

    @Test func `a capture that finds no room says so`() throws {
      try Network.classic { network in
        let folder = "/run/full-\(network.client.name)"
        try succeed(["mkdir", folder])
        try succeed(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", folder])
        defer { _ = try? run(["umount", folder]) }
        let capture = try Capture(network, folder: folder)
        for _ in 0..<20 { #expect(try network.client.get("192.168.147.4") == "web1") }
        #expect(throws: SystemError.self) { try capture.stop() }
      }
    }
  }
}
