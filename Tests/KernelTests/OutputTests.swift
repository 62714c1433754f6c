import Glibc
import Testing

extension RealKernel {
  /// Where `status --output` writes: to what is there, and never through what somebody else put there.
  @Suite struct OutputTests {
    private static let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]

    private func withNode(_ body: (Namespace, String) throws -> Void) throws {
      try Network.with([Machine("director1", "192.168.147.6/24")]) { network in
        let node = network["director1"]
        _ = try node.ipvs()
        let folder = "/run/output-\(node.name)"
        try succeed(["mkdir", folder])
        try body(node, folder)
      }
    }

    private func status(_ node: Namespace, _ path: String, shell line: String = "exec \"$@\"") throws -> Outcome {
      try node.run(["bash", "-c", line, "bash"] + node.statusCommand(nil, ["--output", path]))
    }

    private func kind(_ path: String) throws -> mode_t {
      var status = stat()
      guard lstat(path, &status) == 0 else { throw FileFailure(path) }
      return status.st_mode & S_IFMT
    }

    /// What can be read from a descriptor without waiting.
    private func waiting(in descriptor: Int32) -> String {
      var bytes = [UInt8](repeating: 0, count: 65536)
      let count = Glibc.read(descriptor, &bytes, bytes.count)
      return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    @Test func `stdout is written to by its names, wherever it leads, and the names stay`() throws {
      try withNode { node, folder in
        // A distribution has them; the bare kernel's /dev has not.
        if access("/dev/stdout", F_OK) != 0 { try succeed(["ln", "-s", "/proc/self/fd/1", "/dev/stdout"]) }
        let links = try ["/dev/stdout", "/dev/fd"].map { try succeed(["stat", "--format=%i %N", $0]).output }
        let file = "\(folder)/file"
        for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
          let outcome = try status(
            node, name, shell: "{ echo before; \"$@\"; code=$?; echo after; exit $code; } > \(file)")
          #expect(outcome.status == 0, "\(outcome.errors)")
          let lines = try read(file).lines
          #expect(lines.first == "before" && lines.last == "after" && lines.contains { $0.hasPrefix("IPVS ") })
          #expect(try names(in: folder) == ["file"])
          #expect(try status(node, name).output.contains("IPVS "))
        }
        #expect(try links == ["/dev/stdout", "/dev/fd"].map { try succeed(["stat", "--format=%i %N", $0]).output })
      }
    }

    @Test func `devices, pipes and FIFOs are written to`() throws {
      try withNode { node, folder in
        #expect(try status(node, "/dev/null").status == 0)
        #expect(try kind("/dev/null") == S_IFCHR)
        let full = try status(node, "/dev/full")
        #expect(full.status == 71)
        #expect(full.errors.contains("/dev/full: No space left on device"))
        #expect(try kind("/dev/full") == S_IFCHR)

        // A shell's >(…) is a pipe with the name /dev/fd/63.
        let command = try node.statusCommand(nil, []).joined(separator: " ")
        let piped = try node.run(["bash", "-c", "\(command) --output >(cat > \(folder)/piped) && wait $!"])
        #expect(piped.status == 0, "\(piped.errors)")
        #expect(try read("\(folder)/piped").contains("IPVS "))

        let fifo = "\(folder)/fifo"
        try succeed(["mkfifo", fifo])
        let unread = try status(node, fifo)
        #expect(unread.status == 71)
        #expect(unread.errors.contains("\(fifo): ") && unread.errors.contains("nobody reads from this FIFO"))
        let reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        #expect(try status(node, fifo).status == 0)
        #expect(waiting(in: reader).contains("IPVS "))
        #expect(try kind(fifo) == S_IFIFO)
      }
    }

    @Test func `a link's target is replaced beside itself, and a stranger's link is not followed`() throws {
      try withNode { node, folder in
        let passwd = "\(folder)/passwd"
        try write("root:x:0:0\n", to: passwd)
        for (name, mode, owner) in [("sticky", "1777", "root"), ("theirs", "755", "65534")] {
          let shared = "\(folder)/\(name)"
          try succeed(["mkdir", "--mode=\(mode)", shared])
          try succeed(["chown", owner, shared])
          try succeed(Self.nobody + ["ln", "-s", passwd, "\(shared)/lvs.prom"])
          let planted = try status(node, "\(shared)/lvs.prom")
          #expect(planted.status == 71)
          #expect(planted.errors.contains("symbolic link that belongs to uid 65534"), "\(planted.errors)")
          #expect(try read(passwd) == "root:x:0:0\n")
          #expect(try succeed(["ls", "-A", shared]).output.trimmed == "lvs.prom")
        }
        try succeed(["ln", "-s", passwd, "\(folder)/own"])
        #expect(try status(node, "\(folder)/own").status == 0)
        #expect(try read(passwd).contains("IPVS "))
        #expect(try kind("\(folder)/own") == S_IFLNK)
        #expect(try kind(passwd) == S_IFREG)
      }
    }

    /// In a container lvsctl is process 1 each time: a draft named after its process would meet its own of last time.
    @Test func `what a killed run left does not stop the next`() throws {
      try withNode { node, folder in
        let file = "\(folder)/lvs.prom"
        for number in 1...3 { try write("half", to: "\(file).\(number).tmp") }
        let contained = try node.run(
          ["unshare", "--pid", "--fork", "--mount-proc"] + node.statusCommand(nil, ["--output", file]))
        #expect(contained.status == 0, "\(contained.errors)")
        #expect(try read(file).contains("IPVS "))
      }
    }

    @Test func `a watch writes report after report into a pipe`() throws {
      try withNode { node, folder in
        let fifo = "\(folder)/fifo"
        try succeed(["mkfifo", fifo])
        let reader = open(fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let watch = try RunningCommand(
          node.statusCommand(nil, ["--format", "json", "--watch", "0.1", "--output", fifo]), in: node.name)
        var text = ""
        try eventually("three reports have come: \(watch.errors)") {
          text += waiting(in: reader)
          return text.count { $0 == "\n" } >= 3
        }
        watch.stop()
        for line in text.lines.dropLast() { #expect(try JSON(line)["services"].elements.isEmpty) }
      }
    }
  }
}
