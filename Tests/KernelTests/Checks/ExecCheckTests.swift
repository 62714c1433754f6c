import Glibc
import LVSChecks
import LVSModel
import Testing

extension RealKernel {
  /// Checks by programs.
  @Suite struct ExecCheckTests {
    /// The words of a check that runs a text of the shell.
    private func shell(_ text: String) -> CheckMeans { .exec(["/bin/sh", "-c", text]) }

    private func outcome(_ means: CheckMeans, timeout: Int = 10, subject: CheckSubject? = nil) throws -> CheckOutcome {
      let asking = try Asking(at: nil)
      return try asking.outcome(of: try .of(means, "192.0.2.4", 8080, timeout: timeout, subject: subject))
    }

    @Test func `a program that ends with 0 passes, and any other end fails`() throws {
      #expect(try outcome(.exec(["/bin/true"])) == .passed)
      #expect(try outcome(shell("exit 2")) == .failed("exec exit status 2"))
      #expect(try outcome(shell("kill -9 $$")) == .failed("exec ended by signal 9"))
      #expect(try outcome(.exec(["/bin/sh", "-c", "test \"$1\" = 'a b'", "sh", "a b"])) == .passed)
    }

    @Test func `a program is told whom it asks about, and nothing of this process`() throws {
      let path = "/run/tmp/exec-environment"
      let server = RealServerID(address: IPAddress(ipv4: 0xc000_0204), port: 80)
      let text = "env >\(path); ls /proc/self/fd | grep -v 3 >>\(path); readlink /proc/self/fd/[0-2] >>\(path)"
      func environment(_ service: ServiceID) throws -> Set<String> {
        let subject = CheckSubject(name: "web 1", service: service, realServer: server)
        #expect(try outcome(shell(text), subject: subject) == .passed)
        return Set(try read(path).lines.filter { !$0.hasPrefix("PWD=") })
      }
      let common: Set = [
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "LVS_SERVER=192.0.2.4", "LVS_SERVER_PORT=8080",
        "LVS_NAME=web 1", "0", "1", "2", "/dev/null", path,
      ]
      let vip = IPAddress(ipv4: 0xc000_0264)
      #expect(
        try environment(.address(.udp, vip, port: 53))
          == common.union(["LVS_VIP=192.0.2.100", "LVS_PORT=53", "LVS_PROTOCOL=udp"]))
      #expect(
        try environment(.fwmark(7, .ipv4))
          == common.union(["LVS_VIP=", "LVS_PORT=0", "LVS_PROTOCOL=fwmark", "LVS_FWMARK=7"]))
    }

    @Test func `a program that never ends is killed with what it started`() throws {
      let path = "/run/tmp/exec-processes"
      let text = "sleep 1000 & echo $$ $! >\(path); trap '' TERM; sleep 1000; sleep 1000"
      let asking = try Asking(at: nil)
      asking.checker.ask([try .of(shell(text), "192.0.2.4", 80, timeout: 1): 5])
      try asking.go("the question is answered") { !asking.results.isEmpty }
      #expect(asking.results.map(\.outcome) == [.failed("timeout after 1 s (exec)")])
      let processes = try read(path).words
      #expect(processes.count == 2)
      // Its parent has taken note of its end too: nothing of it is left.
      try asking.go("they have ended") { processes.allSatisfy { !isFolder("/proc/\($0)") } }
    }

    @Test func `what a program leaves behind ends with it`() throws {
      let path = "/run/tmp/exec-left"
      #expect(try outcome(shell("sleep 1000 & echo $! >\(path)")) == .passed)
      let process = try read(path).trimmed
      try eventually("it has ended") { !isFolder("/proc/\(process)") }
    }

    @Test func `a program hears the signals that the checker holds back`() throws {
      var held = sigset_t()
      var before = sigset_t()
      sigemptyset(&held)
      sigaddset(&held, SIGUSR1)
      pthread_sigmask(SIG_BLOCK, &held, &before)
      defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
      #expect(try outcome(shell("kill -USR1 $$; exit 0")) == .failed("exec ended by signal \(SIGUSR1)"))
    }

    @Test func `a program that cannot be started is trouble, and says nothing of the server`() throws {
      let asking = try Asking(at: nil)
      asking.checker.ask([try .of(.exec(["/no/such/check"]), "192.0.2.4", 80): 1])
      try asking.go("trouble was told twice") { asking.troubles.count >= 2 }
      #expect(asking.results.isEmpty)
      #expect(asking.troubles.allSatisfy { $0.errno == ENOENT && $0.subject == "/no/such/check" })
    }
  }
}
