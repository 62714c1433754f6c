import Glibc
import Testing

extension RealKernel {
  /// A director that lvsctld keeps while its own machine fails it: nothing is lost, and it is said.
  @Suite struct HardshipTests {
    private func withDownServer(
      _ body: (Network, RunningLvsctld, WebServer) throws -> Void
    ) throws {
      try Network.withoutPages { network in
        let file = CheckedCluster.file()
        let (first, second) = (try WebServer(network.web1), try WebServer(network.web2))
        let kept = try network.director1.keep(file, "--interval", "1")
        first.stop()
        try eventually("web1 is out: \(kept.log)") { try network.director1.weight("192.168.147.4:80") == 0 }
        try body(network, kept, first)
        withExtendedLifetime(second) {}
      }
    }

    @Test func `ended by a fault of its own it says so, and its successor knows what it knew`() throws {
      try withDownServer { network, kept, first in
        let director = network.director1
        let before = try director.state()
        kept.send(SIGSEGV)
        #expect(kept.process.wait(limit: 20) == 70)
        #expect(kept.log.contains("This is a bug"), "\(kept.log)")
        try director.expectUnchanged(since: before)
        try kept.startAgain()
        try eventually("the next one is there: \(kept.log)") { kept.count(of: "This node is director1") == 2 }
        try director.expectUnchanged(since: before)
        try first.start()
        try eventually("web1 is back: \(kept.log)") { try director.weight("192.168.147.4:80") == 1 }
      }
    }

    @Test func `on a full disk weights follow the verdicts all the same, and what was not kept is kept later`() throws {
      try Network.withoutPages { network in
        let director = network.director1
        let folder = director.stateDirectory
        _ = try LVSSandbox.succeed(["mkdir", "-p", folder])
        _ = try LVSSandbox.succeed(["mount", "-t", "tmpfs", "-o", "size=256k,mode=755", "tmpfs", folder])
        defer { _ = try? run(["umount", "-l", folder]) }
        let file = CheckedCluster.file()
        let (first, second) = (try WebServer(network.web1), try WebServer(network.web2))
        let kept = try director.keep(file, "--interval", "1")
        try eventually("the verdicts are kept") { try names(in: folder).contains { $0.hasSuffix(".health") } }
        #expect(try run(["dd", "if=/dev/zero", "of=\(folder)/filler", "bs=4k"]).status != 0)
        first.stop()
        try eventually("web1 is out: \(kept.log)") { try director.weight("192.168.147.4:80") == 0 }
        try eventually("it is said: \(kept.log)") { kept.log.contains("cannot be kept") }
        _ = try LVSSandbox.succeed(["rm", "\(folder)/filler"])
        try eventually("it is kept: \(kept.log)") { kept.log.contains("The verdicts are kept again.") }
        #expect(kept.count(of: "cannot be kept") == 1, "\(kept.log)")
        #expect(try director.lvsctl("diff", file).status == 0)
        try kept.killAndStartAgain()
        try eventually("the next one is there") { kept.count(of: "This node is director1") == 2 }
        #expect(try director.weight("192.168.147.4:80") == 0)
        withExtendedLifetime(second) {}
      }
    }

    @Test func `a clock that is set back by a day holds nothing up`() throws {
      try withDownServer { network, kept, first in
        let director = network.director1
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        var past = timespec(tv_sec: now.tv_sec - 86_400, tv_nsec: 0)
        #expect(clock_settime(CLOCK_REALTIME, &past) == 0)
        defer {
          clock_gettime(CLOCK_REALTIME, &past)
          past.tv_sec += 86_400
          clock_settime(CLOCK_REALTIME, &past)
        }
        try first.start()
        try eventually("web1 is back: \(kept.log)") { try director.weight("192.168.147.4:80") == 1 }
        first.stop()
        try eventually("web1 is out again: \(kept.log)") { try director.weight("192.168.147.4:80") == 0 }
        try director.succeed("ipvsadm -C")
        try eventually("the table is there again") { try director.weight("192.168.147.4:80") == 0 }
      }
    }

    @Test(arguments: [
      ("65", "nothing: right\n"), ("65", Clusters.classic.replacing("192.168.147.6", with: "192.168.147.66")),
    ]) func `a file that cannot be applied ends it at the start as it ends apply`(status: String, file: String) throws {
      try Network.classic { network in
        let before = try network.director1.state()
        let kept = try RunningLvsctld(network.director1, file, [], environment: [])
        #expect(kept.process.wait(limit: 20) == Int(status), "\(kept.log)")
        #expect(!kept.log.isEmpty)
        try network.director1.expectUnchanged(since: before)
      }
    }
  }
}
