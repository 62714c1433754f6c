import Glibc
import Testing

/// `lvsctl export`, which needs neither a kernel with IPVS nor privileges.
struct ExportCommandLineTests {
  private func lvsctl(_ line: String) throws -> Ending { try shell("timeout 20 '\(lvsctlPath)' \(line)") }
  private let failover = "'\(projectFolder)/Examples/failover.conf'"
  private let classic = "'\(projectFolder)/Examples/cluster.conf'"

  @Test func `without a form, or without --vrrp, it is a fault of the command line`() throws {
    let bare = try lvsctl("export 2>&1 >/dev/null")
    #expect(bare.status == 64 && bare.output.contains("USAGE: lvsctl export"), "\(bare.output)")
    let whole = try lvsctl("export keepalived \(failover) --node director1 2>&1 >/dev/null")
    #expect(whole.status == 64 && whole.output.contains("--vrrp"), "\(whole.output)")
  }

  @Test func `the line that keepalived runs names this program and this file from the root`() throws {
    try withTemporaryFolder { folder throws in
      #expect(try shell("cp \(failover) '\(folder)/my.conf'").status == 0)
      let text = try shell("cd '\(folder)' && '\(lvsctlPath)' export keepalived --vrrp my.conf --node director2").output
      let path = try shell("readlink -f '\(lvsctlPath)'").output.dropLast()
      let line = "\"/usr/bin/setsid --fork \(path) apply \(folder)/my.conf --lock-timeout 60\""
      for state in ["master", "backup", "fault", "stop"] {
        #expect(text.contains("    notify_\(state) \(line)\n"), "\(text)")
      }
      // What comes in by a pipe is the file that is there at run time.
      let piped = try shell("'\(lvsctlPath)' export keepalived --vrrp - --node director2 < '\(folder)/my.conf'").output
      #expect(piped.contains(" apply /etc/lvsctl/cluster.conf --lock-timeout 60\"\n"), "\(piped)")
    }
  }

  @Test func `a path that keepalived would take apart is refused, and nothing is written`() throws {
    try withTemporaryFolder { folder throws in
      #expect(try shell("mkdir '\(folder)/a b' && cp \(failover) '\(folder)/a b/c.conf'").status == 0)
      let line = "export keepalived --vrrp '\(folder)/a b/c.conf' --node director1 --output '\(folder)/out'"
      let ending = try lvsctl("\(line) 2>&1")
      #expect(ending.status == 65 && ending.output.contains("keepalived.conf"), "\(ending.output)")
      #expect(try shell("ls '\(folder)'").output == "a b\n")
    }
  }

  @Test(arguments: [
    ("export keepalived --vrrp FAILOVER --node web1", 65), ("export keepalived --vrrp CLASSIC --node director1", 65),
    ("export sysctl FAILOVER --node web9", 65), ("export sysctl FAILOVER", 65), ("export sysctl /nonexistent", 66),
    ("export modules FAILOVER --node web1 --role director", 65), ("export sysctl FAILOVER --node web1 --output ''", 64),
    ("export sysctl FAILOVER --node web1 --output /", 64), ("export sysctl FAILOVER --node web1", 71),
  ]) func `what it cannot write it says in words`(line: String, status: Int) throws {
    let words = line.replacing("FAILOVER", with: failover).replacing("CLASSIC", with: classic)
    // The last of them has nowhere to write to.
    let ending = try lvsctl("\(words) 2>&1 >\(status == 71 ? "/dev/full" : "/dev/null")")
    #expect(ending.status == status && ending.output.contains("."), "\(ending.output)")
  }

  @Test func `sysctls and modules are those of the node and role that are asked for`() throws {
    let web = try lvsctl("export sysctl \(failover) --node web1").output
    #expect(web.contains("net.ipv4.conf.all.arp_ignore = 1\n") && !web.contains("send_redirects"), "\(web)")
    let director = try lvsctl("export sysctl \(failover) --node director2 --role director").output
    #expect(director.hasPrefix("# director2 (director) of cluster"), "\(director)")
    #expect(try lvsctl("export modules \(failover) --node director1").output.hasSuffix("\nip_vs\n"))
  }

  @Test func `a file in the place of stdout is written whole, and stays where it is right`() throws {
    try withTemporaryFolder { folder throws in
      let line = "export sysctl \(failover) --node web1"
      let text = try lvsctl(line).output
      for _ in 0..<2 {
        #expect(try lvsctl("\(line) --output '\(folder)/60.conf'").output == "")
        #expect(String(decoding: try contents(of: "\(folder)/60.conf"), as: UTF8.self) == text)
      }
    }
  }
}
