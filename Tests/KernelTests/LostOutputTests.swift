import Testing

extension RealKernel {
  /// A result that stdout does not take: the change stands, and the command does not claim that all is well.
  @Suite struct LostOutputTests {
    @Test(arguments: [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")])
    func `an apply without a place for its report is carried out, and says what was lost`(
      redirection: String, reason: String
    ) throws {
      try Network.classic { network in
        let node = network.director1
        // Without stdout a netlink socket would have its number, and could be what the report is written to.
        let outcome = try node.lvsctl(
          "apply", Clusters.classic, prefix: ["bash", "-c", "exec \"$@\" \(redirection)", "bash"])
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("stdout: \(reason)"), "\(outcome.errors)")
        #expect(try node.lvsctl("diff", Clusters.classic).status == 0)
      }
    }

    @Test(arguments: ["text", "json", "prometheus"])
    func `a status that could not be written is no success, nor a watch of it`(format: String) throws {
      try Network.with([Machine("director1", "192.168.147.6/24")]) { network in
        let node = network["director1"]
        try succeed(["modprobe", "ip_vs"])
        for options in [[], ["--watch", "0.1"]] where options.isEmpty || format != "prometheus" {
          let command = try node.statusCommand(nil, ["--format", format] + options)
          let outcome = try node.run(["bash", "-c", "exec \"$@\" >/dev/full", "bash"] + command)
          #expect(outcome.status == 71)
          #expect(outcome.errors.contains("stdout: No space left on device"), "\(outcome.errors)")
        }
      }
    }
  }
}
