import Glibc
import Testing

extension RealKernel {
  /// An apply that wants to be confirmed and is killed: what it did is told, and can be kept or taken back.
  @Suite struct UnconfirmedTests {
    private static let first = Clusters.classic + "timeouts: { tcp: 700 }\n"
    /// Another scheduler, VIP and weight, no timeouts any more, and forwarding, which moves other sysctls with it.
    private static let second = """
      directors:
        - { name: director1, address: 192.168.147.6, interface: ens33 }
        - { name: director2, address: 192.168.147.5, interface: ens33 }
      real_servers:
        - { name: web1, address: 192.168.147.4 }
        - { name: web2, address: 192.168.147.3, weight: 7 }
      services:
        - { vip: 192.168.147.100, port: 80, scheduler: wlc, real_servers: [web2] }
        - { vip: 192.168.147.101, port: 443, scheduler: sh, forward: nat }
      sync: { interface: ens33, id: 9 }

      """

    private func recordPath(_ node: Namespace) throws -> String {
      "\(node.stateDirectory)/netns-\(try node.number()).unconfirmed"
    }

    private func isKept(_ node: Namespace) throws -> Bool { access(try recordPath(node), F_OK) == 0 }

    /// Runs `lvsctl` with these words, and what is kept of this machine.
    private func lvsctl(_ node: Namespace, _ words: String..., prefix: [String] = []) throws -> Outcome {
      try node.run(prefix + [lvsctlPath] + words, environment: ["LVSCTL_STATE_DIR=\(node.stateDirectory)"])
    }

    private func findings(_ outcome: Outcome) throws -> [JSON] {
      try JSON(outcome.output)["findings"].elements.filter { $0["code"] == "unconfirmed-change" }
    }

    /// Everything but the timeouts is in the state.
    private func timeouts(_ node: Namespace) throws -> String { try node.succeed("ipvsadm -L --timeout").output }

    private func daemons(_ node: Namespace) throws -> String { try node.succeed("ipvsadm -L --daemon").output }

    @Test func `killed while it waits, it is told and can be taken back to the last sysctl`() throws {
      try Network.classic { network in
        // The one web node loses its VIP by the second file, the other one gets it.
        let cases: [(Namespace, [String?])] = [
          (network.director1, [nil, Self.first]), (network.web1, [Self.first]), (network.web2, [nil]),
        ]
        for (node, formers) in cases {
          _ = try node.ipvs()  // loads IPVS, which stays
          let fresh = try node.state()
          for former in formers {
            if let former { try node.apply(former) }
            let before = try node.state()
            let (times, sync) = (try timeouts(node), try daemons(node))
            let memory = try? read(node.memoryPath())
            let apply = try node.startUnconfirmed(Self.second, within: 600)

            let waiting = try lvsctl(node, "status", "--live", "--format", "json")
            #expect(try findings(waiting).map { $0["severity"] } == ["note"], "\(waiting)")
            #expect(apply.stop() == 137)
            let after = try node.state()
            #expect(after != before)
            let access = try succeed(["stat", "--format=%a %u", recordPath(node)]).output.trimmed
            #expect(access == "600 0")

            let file = "/run/cluster-\(node.name).conf"
            try write(Self.second, to: file)
            for words in [["status", "--live"], ["status", file], ["diff", file]] {
              let outcome = try node.run(
                [lvsctlPath] + words + ["--format", "json"],
                environment: ["LVSCTL_STATE_DIR=\(node.stateDirectory)"])
              // The change is what the file says: nothing differs, and a warning is no error.
              #expect(outcome.status == 0, "\(outcome)")
              let found = try findings(outcome)
              #expect(found.count == 1 && found[0]["severity"] == "warning" && found[0]["facts"]["state"] == "left")
              #expect(found[0]["help"].string?.contains("lvsctl apply --take-back") == true)
            }
            #expect(try lvsctl(node, "status", "--live").output.contains("lvsctl confirm keeps the change"))
            for options in [[], ["--confirm-within", "600"]] {
              let refused = try node.lvsctl("apply", Self.first, options)
              #expect(refused.status == 75)
              for words in ["Nothing was changed", "lvsctl confirm", "lvsctl apply --take-back"] {
                #expect(refused.errors.contains(words), "\(refused.errors)")
              }
            }
            try node.expectUnchanged(since: after)

            let takenBack = try lvsctl(node, "apply", "--take-back")
            #expect(takenBack.status == 0, "\(takenBack)")
            #expect(takenBack.output.contains("Taken back"))
            try node.expectUnchanged(since: before)
            #expect(try timeouts(node) == times)
            #expect(try daemons(node) == sync)
            let remembered = try? read(node.memoryPath())
            #expect(remembered == memory)
            #expect(try !isKept(node))
            #expect(try lvsctl(node, "apply", "--take-back").status == 1)
            #expect(try lvsctl(node, "confirm").status == 1)
          }
          #expect(try node.lvsctl("teardown", Self.first).status == 0)
          try node.expectUnchanged(since: fresh)
        }
      }
    }

    @Test func `killed while it waits, it can be kept, with the role that was asked for`() throws {
      try Network.classic { network in
        let node = network.director2
        let apply = try node.startLvsctl(
          "apply", Self.first, "--role", "director", "--take-over", "--confirm-within", "600")
        try eventually("it waits") { try node.lock().text == "\(apply.pid) awaits confirmation" }
        #expect(apply.stop() == 137)
        let after = try node.state()
        let stranger = try lvsctl(
          node, "confirm", prefix: ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"])
        #expect(stranger.status == 77, "\(stranger)")
        let kept = try lvsctl(node, "confirm")
        #expect(kept.status == 0, "\(kept)")
        #expect(kept.output.contains("is kept") && kept.errors == "")
        #expect(try !isKept(node))
        let next = try node.lvsctl("apply", Self.first)
        #expect(next.status == 0 && next.errors.contains("The role director is remembered"), "\(next)")
        try node.expectUnchanged(since: after)
      }
    }

    /// One connection is open to the real server that leaves, so that the apply is in the middle of its steps.
    @Test func `killed between its two stages, what it did by then is taken back`() throws {
      try Network.classic { network in
        try network.apply(Self.first)
        let node = network.director1
        let connection = try LongConnection(from: network.client, to: "192.168.147.100", port: 80)
        let leaving = connection.server == "web1" ? "4" : "3"
        let staying = connection.server == "web1" ? "web2" : "web1"
        let before = try node.state()
        let file = Self.first.replacing("scheduler: rr", with: "scheduler: sh, real_servers: [\(staying)]")
        for end in ["--take-back", "confirm"] {
          let apply = try node.startLvsctl("apply", file, "--graceful", "600", "--confirm-within", "600")
          let resting = "-a -t 192.168.147.100:80 -r 192.168.147.\(leaving):80 -g -w 0"
          try eventually("it waits for the connection") {
            try apply.errors.contains("connection") && node.ipvs().contains(resting)
          }
          #expect(apply.stop() == 137)
          if end == "confirm" {
            let after = try node.state()
            let kept = try lvsctl(node, "confirm")
            #expect(kept.status == 0 && kept.errors.contains("before it had done every step"), "\(kept)")
            try node.expectUnchanged(since: after)
            try node.apply(file)
            #expect(try node.plan("diff", file).changes == [])
          } else {
            let takenBack = try lvsctl(node, "apply", "--take-back", "--format", "json")
            #expect(takenBack.status == 0, "\(takenBack)")
            #expect(try JSON(takenBack.output)["summary"]["update"].number == 2)
            try node.expectUnchanged(since: before)
            #expect(try node.plan("diff", Self.first).changes == [])
          }
        }
      }
    }

    @Test func `what others changed since is left alone and told`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.first)
        let apply = try node.startUnconfirmed(Self.second, within: 600)
        #expect(apply.stop() == 137)
        // Another weight of a real server that stays, a real server in a service that came, a sysctl.
        try node.succeed("ipvsadm -e -t 192.168.147.100:80 -r 192.168.147.3:80 -g -w 55")
        try node.succeed("ipvsadm -a -t 192.168.147.101:443 -r 192.168.147.9:443 -m -w 5")
        try node.setSysctl("net/ipv4/conf/ens33/send_redirects", 1)
        try node.succeed("ipvsadm --set 1234 0 0")
        let takenBack = try lvsctl(node, "apply", "--take-back")
        #expect(takenBack.status == 0, "\(takenBack)")
        for words in ["service tcp 192.168.147.101:443", "192.168.147.3:80", "timeouts"] {
          #expect(takenBack.errors.contains(words), "\(takenBack.errors)")
        }
        let ipvs = try node.ipvs()
        #expect(ipvs.contains("-A -t 192.168.147.100:80 -s rr"))
        #expect(ipvs.contains("-a -t 192.168.147.100:80 -r 192.168.147.3:80 -g -w 55"))
        #expect(ipvs.contains("-a -t 192.168.147.100:80 -r 192.168.147.4:80 -g -w 1"))
        #expect(ipvs.contains("-a -t 192.168.147.101:443 -r 192.168.147.9:443 -m -w 5"))
        #expect(!ipvs.contains { $0.hasPrefix("-a -t 192.168.147.101:443 -r 192.168.147.4:443") })
        #expect(try timeouts(node).contains("1234"))
        #expect(try node.sysctl("net/ipv4/conf/ens33/send_redirects") == "1")
        #expect(try !node.addresses().contains { $0.hasPrefix("192.168.147.101/") })
      }
    }

    @Test func `a VIP that another machine took meanwhile is not taken back from it`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.first)
        let apply = try node.startLvsctl("apply", Self.first, "--role", "standby", "--confirm-within", "600")
        try eventually("it waits") { try node.lock().text == "\(apply.pid) awaits confirmation" }
        #expect(apply.stop() == 137)
        try network.director2.apply(Self.first, "--role", "director")
        let after = try node.state()
        let refused = try lvsctl(node, "apply", "--take-back")
        #expect(refused.status == 71 && refused.errors.contains("Another machine holds the VIP 192.168.147.100"))
        try node.expectUnchanged(since: after)
        #expect(try lvsctl(node, "apply", "--take-back", "--take-over").status == 0)
        #expect(try node.addresses().contains { $0.hasPrefix("192.168.147.100/") })
      }
    }

    @Test func `a restart of the machine makes it void, and so does another namespace with its number`() throws {
      try Network.classic { network in
        let node = network.web1
        for key in ["boot", "namespace"] {
          let apply = try node.startUnconfirmed(Self.first, within: 600)
          #expect(apply.stop() == 137)
          let path = try recordPath(node)
          let text = try read(path)
          let value = try #require(JSON(text.lines[0])[key].string)
          try write(text.replacing(value, with: "another"), to: path)
          #expect(try findings(lvsctl(node, "status", "--live", "--format", "json")) == [])
          #expect(try lvsctl(node, "confirm").status == 1)
          #expect(try lvsctl(node, "apply", "--take-back").status == 1)
          try node.apply(Self.first)
          #expect(try node.lvsctl("teardown", Self.first).status == 0)
        }
      }
    }

    @Test func `a teardown takes it away with the rest`() throws {
      try Network.classic { network in
        let node = network.director1
        _ = try node.ipvs()
        let fresh = try node.state()
        try node.apply(Self.first)
        let apply = try node.startUnconfirmed(Self.second, within: 600)
        #expect(apply.stop() == 137)
        let teardown = try node.lvsctl("teardown", Self.second)
        #expect(teardown.status == 0 && teardown.errors.contains("went with the rest"), "\(teardown)")
        try node.expectUnchanged(since: fresh)
        #expect(try !isKept(node))
        try node.apply(Self.first)
      }
    }

    @Test func `what cannot be kept is not begun, and what is not lvsctl's is not believed`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        let path = try recordPath(node)
        // A folder in its place cannot be replaced.
        try succeed(["mkdir", "-p", path])
        let refused = try node.lvsctl("apply", Self.first, "--confirm-within", "600")
        #expect(refused.status == 71 && refused.errors.contains("Nothing was changed"), "\(refused)")
        try succeed(["rmdir", path])
        try node.expectUnchanged(since: before)

        let apply = try node.startUnconfirmed(Self.first, within: 600)
        #expect(apply.stop() == 137)
        let after = try node.state()
        let whole = try read(path)
        try succeed(["cp", "-p", path, "\(path).whole"])
        let spoilt = [
          ["chown", "65534", path], ["chmod", "666", path], ["truncate", "--size=-9", path],
          ["sh", "-c", "rm \(path); mkfifo -m 600 \(path)"], ["ln", "-sf", "\(path).whole", path],
        ]
        for command in spoilt {
          try succeed(command)
          for words in [["apply", "/run/cluster-\(node.name).conf"], ["apply", "--take-back"]] {
            let outcome = try node.run(
              [lvsctlPath] + words, environment: ["LVSCTL_STATE_DIR=\(node.stateDirectory)"])
            // A file that is cut off at its end has a heading still.
            #expect(
              outcome.status == (command[0] == "truncate" && words.count == 2 && words[1] != "--take-back" ? 75 : 71))
            #expect(outcome.errors.contains("Nothing was changed"), "\(outcome)")
          }
          #expect(try lvsctl(node, "status", "--live").status == 0)
          try succeed(["rm", path])
          try succeed(["cp", "-p", "\(path).whole", path])
        }
        #expect(try read(path) == whole)
        try node.expectUnchanged(since: after)
        #expect(try lvsctl(node, "apply", "--take-back").status == 0)
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `nothing is kept of what is confirmed, taken back or plain`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.apply(Self.first)
        let path = try recordPath(node)
        #expect(access(path, F_OK) != 0)
        #expect(try node.lvsctl("apply", Self.second, "--confirm-within", "0.2").status == 1)
        #expect(access(path, F_OK) != 0)
        let impossible = Self.first.replacing("scheduler: rr", with: "scheduler: twos")
        #expect(try node.lvsctl("apply", impossible, "--confirm-within", "600").status == 71)
        #expect(access(path, F_OK) != 0)
        let apply = try node.startUnconfirmed(Self.second, within: 600)
        #expect(access(path, F_OK) == 0)
        #expect(try node.confirm().status == 0)
        #expect(apply.wait(limit: 30) == 0)
        #expect(access(path, F_OK) != 0)
      }
    }
  }
}
