import Glibc
import Testing

extension RealKernel {
  /// What lvsctld tells the service manager, by a socket that the test listens on.
  @Suite struct ServiceManagerTests {
    /// Writes each datagram as a block of lines that ends with an empty one.
    private static let listener = """
      import socket, sys
      s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
      s.bind(sys.argv[1] if sys.argv[1][0] != '@' else '\\0' + sys.argv[1][1:])
      print('listening', flush=True)
      while True:
          print(s.recv(65536).decode() + '\\n', flush=True)

      """

    private func withListener(
      _ name: String, _ body: (Namespace, RunningCommand, [String]) throws -> Void
    ) throws {
      try Network.classic { network in
        let script = "/run/listener-\(network.director1.name).py"
        try write(Self.listener, to: script)
        let listener = try RunningCommand(["/usr/bin/python3", script, name], in: network.director1.name)
        defer { listener.stop() }
        try eventually("the socket is there: \(listener.errors)") { listener.output.contains("listening") }
        try body(network.director1, listener, ["NOTIFY_SOCKET=\(name)"])
      }
    }

    @Test(arguments: ["/run/notify-lvsctld", "@lvsctld-notify"])
    func `it says when it is ready, reads its file again, and ends`(socket: String) throws {
      unlink(socket)
      try withListener(socket) { director, listener, environment in
        let kept = try RunningLvsctld(director, Clusters.classic, [], environment: environment)
        try eventually("it is ready: \(kept.log)") { listener.output.contains("READY=1") }
        // Only then is the node what the file says.
        #expect(try director.ipvs().contains("-A -t 192.168.147.100:80 -s rr"))
        try eventually("its status is told") { listener.output.contains("STATUS=director1 (director) of cluster") }
        try kept.reload(Clusters.classic(scheduler: "wrr"))
        try eventually("the reload is told: \(listener.output)") {
          listener.output.lines.count { $0 == "READY=1" } == 2
        }
        let lines = listener.output.lines
        let reloading = try #require(lines.firstIndex(of: "RELOADING=1"))
        #expect(lines[reloading + 1].hasPrefix("MONOTONIC_USEC="))
        #expect(lines[..<reloading].count { $0 == "READY=1" } == 1)
        try kept.reload("nothing: right\n")
        try eventually("the status says so: \(listener.output)") { listener.output.contains("the file was faulty") }
        kept.send(SIGTERM)
        #expect(kept.process.wait(limit: 20) == 0)
        try eventually("the end is told") { listener.output.contains("STOPPING=1") }
      }
    }

    @Test func `it feeds the watchdog at half of its time, where that is meant for it`() throws {
      let socket = "/run/notify-watchdog"
      unlink(socket)
      try withListener(socket) { director, listener, environment in
        let kept = try RunningLvsctld(
          director, Clusters.classic, ["--interval", "3600"], environment: environment + ["WATCHDOG_USEC=400000"])
        try eventually("it is fed: \(kept.log)") { listener.output.lines.count { $0 == "WATCHDOG=1" } >= 5 }
        let other = try RunningLvsctld(
          director, Clusters.classic, ["--interval", "0.2"],
          environment: environment + ["WATCHDOG_USEC=400000", "WATCHDOG_PID=1"])
        kept.process.stop()
        try eventually("the other one runs") { other.log.contains("This node is director1") }
        let fed = listener.output.lines.count { $0 == "WATCHDOG=1" }
        try director.succeed("ipvsadm -C")
        try eventually("it mends") { other.log.contains("Mended: create service") }
        #expect(listener.output.lines.count { $0 == "WATCHDOG=1" } <= fed + 1)
      }
    }
  }
}
