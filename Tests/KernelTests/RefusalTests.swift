import Testing

extension RealKernel {
  /// What cannot be done is said with its own exit code, and where it was refused.
  @Suite struct RefusalTests {
    @Test(arguments: ["diff", "apply"])
    func `without CAP_NET_ADMIN nothing is changed`(command: String) throws {
      try Network.classic { network in
        try succeed(["modprobe", "ip_vs"])
        for node in [network.director1, network.web1] {
          let before = try node.state()
          let outcome = try node.lvsctl(
            command, Clusters.classic, prefix: ["setpriv", "--inh-caps=-net_admin", "--bounding-set=-net_admin"])
          // What a real server is to be changed by is read without any privilege.
          let isReadable = command == "diff" && node.machine == "web1"
          #expect(outcome.status == (isReadable ? 1 : 77))
          #expect(outcome.errors.isEmpty == isReadable)
          if !isReadable {
            for word in ["CAP_NET_ADMIN", "although it is root (uid 0)", "--cap-add"] {
              #expect(outcome.errors.contains(word))
            }
            #expect(!outcome.errors.contains("Run lvsctl as root"))
          }
          #expect(try node.state() == before)
        }
      }
    }

    @Test func `root in a user namespace alone is told from root`() throws {
      // The kernel makes no user namespace for a process that is chrooted (current_chrooted), as all are in the sandbox:
      // a mount namespace of its own gets the sandbox's root in the place of the first one.
      let unshared = [
        "unshare", "--mount", "nsenter", "--mount=/proc/self/ns/mnt", "sh", "-c",
        "cd /run/root && mount --move . / && exec chroot . unshare --user --map-root-user \"$@\"", "sh",
      ]
      try Network.classic { network in
        try succeed(["modprobe", "ip_vs"])
        for node in [network.director1, network.web1] {
          let before = try node.state()
          let outcome = try node.lvsctl("apply", Clusters.classic, prefix: unshared)
          #expect(outcome.status == 77)
          for word in ["CAP_NET_ADMIN", "root in a user namespace alone"] { #expect(outcome.errors.contains(word)) }
          #expect(!outcome.errors.contains("docker run"))
          #expect(try node.state() == before)
        }
      }
    }

    @Test func `a read-only proc is told before the first step, and is no matter where nothing is to be set`() throws {
      let readOnly = [
        "unshare", "--mount", "sh", "-c",
        "mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys && exec \"$@\"", "sh",
      ]
      try Network.classic { network in
        for node in [network.director1, network.web1] {
          let before = try node.state()
          let outcome = try node.lvsctl("apply", Clusters.classic, prefix: readOnly)
          #expect(outcome.status == 77)
          for word in ["errno 30", "read-only here, as in a container", "docker run --sysctl", "Nothing was changed."] {
            #expect(outcome.errors.contains(word))
          }
          #expect(try node.state() == before)
        }
        let web = network.web1
        try web.apply(Clusters.classic)
        try web.ip("address del 192.168.147.100/32 dev lo")
        try withoutIPVS {
          let withoutModules = ["setpriv", "--inh-caps=-sys_module", "--bounding-set=-sys_module"]
          let outcome = try web.lvsctl("apply", Clusters.classic, prefix: readOnly + withoutModules)
          #expect(outcome.status == 0)
          #expect(outcome.errors == "")
        }
        #expect(try web.addresses().contains("192.168.147.100/32 dev lo label lo:0"))
      }
    }

    @Test func `a module that the configuration of modprobe forbids is told from one that is not there`() throws {
      try Network.classic { network in
        try unloadIPVS()
        let file = "/etc/modprobe.d/forbidden.conf"
        _ = try run(["mkdir", "-p", "/etc/modprobe.d"])
        defer { _ = try? run(["rm", "-f", file]) }
        for command in ["/bin/false", "/bin/true"] {
          try write("# for safety\ninstall ip-vs \(command)\n", to: file)
          let outcome = try network.director1.lvsctl("diff", Clusters.classic)
          #expect(outcome.status == 69)
          #expect(outcome.errors.contains("\"install ip_vs \(command)\" in \(file)"))
          #expect(!outcome.errors.contains("finds no module"))
        }
        // The module itself may be loaded, and its scheduler not.
        try write("install ip_vs_rr /bin/false\n", to: file)
        let outcome = try network.director1.lvsctl("apply", Clusters.classic)
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("\"install ip_vs_rr /bin/false\" in \(file)"))
      }
    }

    @Test func `a diff does not load IPVS, and apply does`() throws {
      try Network.classic { network in
        try unloadIPVS()
        let diff = try network.director1.plan("diff", Clusters.classic)
        #expect(diff.status == 1)
        #expect(diff.changes.first == "create module ip_vs")
        #expect(try !loadedModules().contains("ip_vs"))

        try network.director1.apply(Clusters.classic)
        #expect(try loadedModules().contains("ip_vs"))
        #expect(try network.director1.plan("diff", Clusters.classic).changes == [])
      }
    }

    @Test func `a kernel without IPVS is told apart, with the remedy`() throws {
      try Network.classic { network in
        try withoutIPVS {
          let addresses = try network.director1.addresses()
          let outcome = try network.director1.lvsctl("apply", Clusters.classic)
          #expect(outcome.status == 69)
          for word in ["ip_vs", "modprobe", "Install"] { #expect(outcome.errors.contains(word)) }
          #expect(try network.director1.addresses() == addresses)
        }
      }
    }

    @Test func `a real server needs no IPVS`() throws {
      try Network.classic { network in
        try withoutIPVS {
          try network.web1.apply(Clusters.classic)
          #expect(try network.web1.addresses().contains("192.168.147.100/32 dev lo label lo:0"))
          #expect(try network.web1.plan("diff", Clusters.classic).changes == [])
        }
      }
    }

    @Test func `a scheduler that this kernel does not have is named with its service`() throws {
      try Network.classic { network in
        let node = network.director1
        let addresses = try node.addresses()
        let outcome = try node.lvsctl("apply", Clusters.classic(scheduler: "twos"))
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("tcp 192.168.147.100:80"))
        #expect(outcome.errors.contains("twos"))
        // What was done before the refusal is listed.
        #expect(outcome.errors.contains("net.ipv4.conf.all.send_redirects"))
        #expect(try node.addresses() == addresses)
        #expect(try node.ipvs() == [])
      }
    }

    @Test(arguments: [
      Clusters.classic(interface: "nic9"), Clusters.classic + "sync: { interface: nic9 }\n",
      Clusters.classic + "vips: [{ address: 192.168.147.101, interface: nic9 }]\n",
    ])
    func `an interface that is not there is named with those that are, before anything is planned`(
      file: String
    ) throws {
      try Network.classic { network in
        let node = network.director1
        try expectUnfit(node, file, "This machine has no interface nic9", "Its interfaces: ens33, ")
        // On a real server nobody needs it.
        #expect(try network.web1.plan("diff", file).status == 1)
      }
    }

    @Test func `an altname of an interface is told with its name`() throws {
      try Network.classic { network in
        try network.director1.ip("link property add dev ens33 altname enp0s3")
        try expectUnfit(network.director1, Clusters.classic(interface: "enp0s3"), "Write ens33 in the file")
      }
    }

    @Test func `a VIP of a real server on a network card would take the director's traffic`() throws {
      let file = Clusters.classic.replacing(
        "{ name: web2, address: 192.168.147.3 }", with: "{ name: web2, address: 192.168.147.3, interface: ens33 }")
      try Network.classic { network in
        try network.web1.apply(file)
        try expectUnfit(network.web2, file, "ens33, where web2 holds VIPs as a real server, is a network card")
        try network.web2.ip("link add dummy0 type dummy", "link set dummy0 up")
        try network.web2.apply(
          file.replacing("interface: ens33 }\n\nservices", with: "interface: dummy0 }\n\nservices"))
        #expect(try network.web2.addresses().contains("192.168.147.100/32 dev dummy0 label dummy0:0"))
      }
    }

    @Test func `the same at a machine that is director and real server`() throws {
      let file = Clusters.classic.replacing(
        "{ name: web2, address: 192.168.147.3 }", with: "{ name: director2, address: 192.168.147.5, interface: ens33 }")
      try Network.classic { network in
        try expectUnfit(network.director2, file, "is a network card")
        #expect(try network.director1.plan("diff", file).status == 1)
      }
    }

    /// Expects that no command that would change the node plans anything there, and that each says why.
    private func expectUnfit(_ node: Namespace, _ file: String, _ words: String...) throws {
      let before = try node.state()
      for command in ["diff", "apply"] {
        let outcome = try node.lvsctl(command, file)
        #expect(outcome.status == 65)
        #expect(outcome.output == "")
        for word in words + ["Nothing was changed."] { #expect(outcome.errors.contains(word)) }
      }
      let status = try node.status(file)
      #expect(status.status == 1)
      #expect(status.json["conflicts"].elements.contains { $0.string?.contains(words[0]) == true })
      try node.expectUnchanged(since: before)
    }

    @Test func `a route of somebody else in the place of a VIP's is named, and stays`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.ip("route add 192.168.147.100/32 dev ens33")
        let before = try node.state()
        let outcome = try node.lvsctl("apply", Clusters.classic)
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("Somebody else routes 192.168.147.100 already"))
        #expect(try node.state() == before)
      }
    }

    @Test(arguments: [("director1", "ens33"), ("web1", "lo")])
    func `an interface that is down is named`(machine: String, interface: String) throws {
      try Network.classic { network in
        let node = network[machine]
        try node.ip("link set \(interface) down")
        let outcome = try node.lvsctl("apply", Clusters.classic)
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains(interface))
        #expect(outcome.errors.contains("down"))
      }
    }

    @Test func `a VIP on another interface without the mark is refused`() throws {
      try Network.classic { network in
        let node = network.director1
        try node.ip("address add 192.168.147.100/32 dev lo")
        let before = try node.addresses()
        let outcome = try node.lvsctl("apply", Clusters.classic)
        #expect(outcome.status > 1)
        #expect(outcome.errors.contains("192.168.147.100"))
        #expect(outcome.errors.contains("lo"))
        #expect(try node.addresses() == before)
      }
    }
  }
}
