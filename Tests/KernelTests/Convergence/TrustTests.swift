import Glibc
import Testing

extension RealKernel {
  /// Whose files lvsctl believes: what a local user can put in its way, and what a cluster file may do to a machine.
  @Suite struct TrustTests {
    private static let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--bounding-set=-all"]
    /// Sysctls that a memory, or a file, would like to set; they are the whole kernel's.
    private static let panic = "/proc/sys/kernel/panic"

    /// Runs lvsctl with a folder of state, on a file with this text.
    private func lvsctl(_ node: Namespace, state: String, _ words: String..., cluster: String) throws -> Outcome {
      let file = "/run/trust-\(node.name).conf"
      try write(cluster, to: file)
      return try node.run([lvsctlPath, words[0], file] + words.dropFirst(), environment: ["LVSCTL_STATE_DIR=\(state)"])
    }

    // MARK: The memory

    @Test func `a memory that somebody else can have written is not believed, and not waited for`() throws {
      try Network.classic { network in
        let node = network.web1
        try node.apply(Clusters.classic)
        let path = try node.memoryPath()
        let folder = node.stateDirectory
        let whole = try read(path)
        let before = try node.state()
        let panic = try read(Self.panic)
        let planted = whole.replacing("\"sysctls\": {", with: "\"sysctls\": { \"kernel.panic\": \"77\",")
        let transient = whole.replacing(
          "\"transient_sysctls\": {", with: "\"transient_sysctls\": { \"kernel.panic\": \"77\"")
        try #require(planted != whole && transient != whole)
        let ways: [(words: String, make: () throws -> Void)] = [
          ("it has the sysctl kernel.panic", { try write(planted, to: path) }),
          ("it has the sysctl kernel.panic", { try write(transient, to: path) }),
          (
            "this is a file that belongs to uid 65534",
            {
              try write(whole, to: path)
              try succeed(["chown", "65534", path])
            }
          ),
          ("others than its owner can write (mode 666)", { try succeed(["chmod", "666", path]) }),
          ("others than its owner can write (mode 620)", { try succeed(["chmod", "620", path]) }),
          ("this is a FIFO", { try succeed(["mkfifo", path]) }),
          ("this is a folder", { try succeed(["mkdir", path]) }),
          ("this is a device", { try succeed(["mknod", path, "c", "1", "3"]) }),
          (
            "this is a symbolic link",
            {
              try write(whole, to: "\(folder)/elsewhere")
              try succeed(["ln", "-s", "elsewhere", path])
            }
          ),
        ]
        for (words, make) in ways {
          try succeed(["rm", "-rf", path])
          if words.contains("mode") { try write(whole, to: path) }
          try make()
          for command in ["teardown", "apply"] {
            let outcome = try node.lvsctl(command, Clusters.classic)
            #expect(outcome.status == 71, "\(words)")
            for word in [path, words, "Nothing was changed"] {
              #expect(outcome.errors.contains(word), "\(outcome.errors)")
            }
          }
          for command in ["diff", "status", "snapshot"] {
            let outcome = try node.lvsctl(command, Clusters.classic)
            #expect(outcome.status == 0, "\(words): \(outcome.output)")
            #expect(outcome.errors.contains(words) && outcome.errors.contains("Going on without it"))
          }
        }
        try node.expectUnchanged(since: before)
        #expect(try read(Self.panic) == panic)

        // As it was it still takes everything back.
        try succeed(["rm", "-rf", path])
        try write(whole, to: path)
        #expect(try node.lvsctl("teardown", Clusters.classic).status == 0)
      }
    }

    @Test func `a folder of state that a local user made, can write, or links to is not used at all`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        let shared = "/run/shared-\(node.name)"
        try succeed(["mkdir", "--mode=1777", shared])
        try succeed(Self.nobody + ["mkdir", "\(shared)/theirs"])
        try succeed(["mkdir", "--mode=755", "\(shared)/roots"])
        try succeed(Self.nobody + ["ln", "-s", "\(shared)/roots", "\(shared)/link"])
        try succeed(Self.nobody + ["mkfifo", "\(shared)/fifo"])
        let ways = [
          (shared, "others than its owner can write (mode 1777)"),
          ("\(shared)/theirs", "this is a folder that belongs to uid 65534"),
          ("\(shared)/link", "a symbolic link that belongs to uid 65534"),
          ("\(shared)/link/.", "a symbolic link that belongs to uid 65534"),
          ("\(shared)/fifo", "this is a FIFO that belongs to uid 65534"), ("state", "relative path"),
        ]
        for (state, words) in ways {
          for command in ["apply", "teardown"] {
            let outcome = try lvsctl(node, state: state, command, cluster: Clusters.classic)
            #expect(outcome.status == 71, "\(state)")
            #expect(
              outcome.errors.contains(words) && outcome.errors.contains("Nothing was changed"), "\(outcome.errors)")
          }
          let diff = try lvsctl(node, state: state, "diff", cluster: Clusters.classic)
          #expect(diff.status == 1)
          #expect(diff.errors.contains(words) && diff.errors.contains("Going on without it"), "\(diff.errors)")
          let confirm = try node.run([lvsctlPath, "confirm"], environment: ["LVSCTL_STATE_DIR=\(state)"])
          #expect(confirm.status == 71 && confirm.errors.contains(words), "\(confirm.errors)")
        }
        try node.expectUnchanged(since: before)
        for name in ["theirs", "roots"] { #expect(try names(in: "\(shared)/\(name)").isEmpty) }

        // A folder of root's own is one, also where it lies among others, and by a link of root's.
        try succeed(["ln", "-s", "roots", "\(shared)/own"])
        for state in ["\(shared)/own/", "\(shared)/roots"] {
          let outcome = try lvsctl(node, state: state, "apply", cluster: Clusters.classic)
          #expect(outcome.status == 0, "\(outcome.errors)")
        }
        #expect(try lvsctl(node, state: "\(shared)/roots", "teardown", cluster: Clusters.classic).status == 0)
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `an empty LVSCTL_STATE_DIR is as none`() throws {
      try Network.classic { network in
        let node = network.web1
        let folders = ["/var/lib/lvsctl", "/run/lvsctl"]
        _ = try run(["rm", "-rf"] + folders)
        defer { _ = try? run(["rm", "-rf"] + folders) }
        #expect(try lvsctl(node, state: "", "apply", cluster: Clusters.classic).status == 0)
        let (memory, lock) = ("netns-\(try node.number()).json", "\(try node.number()).lock")
        #expect(try names(in: folders[0]) == [memory])
        #expect(try names(in: folders[1]) == [lock])
        #expect(access("/\(memory)", F_OK) != 0 && access("/\(lock)", F_OK) != 0)
        #expect(try lvsctl(node, state: "", "teardown", cluster: Clusters.classic).status == 0)
      }
    }

    // MARK: The lock and the confirmation

    @Test func `nothing that decides on a change lies where a local user can put something`() throws {
      try Network.classic { network in
        let node = network.web1
        let abstract = { try inNamespace(node.name) { try read("/proc/net/unix").lines.filter { $0.contains(" @") } } }
        let before = try abstract()
        let apply = try node.startUnconfirmed(Clusters.classic, within: 600)
        #expect(try abstract() == before)
        let folder = node.stateDirectory
        let number = try node.number()
        let files = ["\(folder)/\(number).lock", "\(folder)/\(number).confirm"]
        for name in files {
          #expect(try succeed(["stat", "--format=%a %u %g", name]).output.trimmed == "600 0 0")
          #expect(try node.run(Self.nobody + ["flock", "--nonblock", name, "true"]).status != 0)
          for words in [["rm", "-f", name], ["mv", name, "\(name).old"], ["ln", "-f", "/etc/hostname", name]] {
            #expect(try node.run(Self.nobody + words).status != 0)
          }
        }
        for name in ["\(folder)/new.lock", "\(folder)/new.confirm", "\(folder)/machine.json"] {
          #expect(try node.run(Self.nobody + ["touch", name]).status != 0)
        }
        let connect =
          "use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die; connect($s, pack_sockaddr_un($ARGV[0])) or exit 9;"
        #expect(try node.run(Self.nobody + ["perl", "-e", connect, files[1]]).status == 9)
        #expect(try node.confirm(prefix: Self.nobody).status == 77)
        #expect(try node.confirm().status == 0)
        #expect(apply.wait(limit: 30) == 0)
      }
    }

    /// Where /run can be written by everybody, as it never is on a machine that was set up by its distribution.
    @Test func `a local user who was there first keeps root from a change, and does not get between`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        let folders = ["/run/lvsctl", "/var/lib/lvsctl"]
        _ = try run(["rm", "-rf"] + folders)
        defer { _ = try? run(["rm", "-rf"] + folders) }
        try succeed(["mkdir", "--mode=755", folders[0]])
        try succeed(["chown", "65534", folders[0]])
        let outcome = try lvsctl(node, state: "", "apply", cluster: Clusters.classic)
        #expect(outcome.status == 71)
        for words in [folders[0], "belongs to uid 65534", "Nothing was changed"] {
          #expect(outcome.errors.contains(words), "\(outcome.errors)")
        }
        #expect(try names(in: folders[0]).isEmpty)
        try node.expectUnchanged(since: before)
      }
    }

    // MARK: The cluster file

    @Test func `a file that sets more than the network is refused until somebody says that it may`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        let file =
          Clusters.classic + "sysctls: { real_server: { kernel.panic: 77, net.ipv4.conf.lo.accept_local: 1 } }\n"
        let panic = try read(Self.panic)
        defer { _ = try? write(panic.trimmed, to: Self.panic) }
        for command in ["apply", "diff", "status", "snapshot", "validate"] {
          let outcome = try node.lvsctl(command, file)
          #expect(outcome.status == 65)
          #expect(outcome.errors.contains("error[foreign-sysctl]: `kernel.panic`"), "\(outcome.errors)")
        }
        try node.expectUnchanged(since: before)
        #expect(try read(Self.panic) == panic)

        #expect(try node.plan("diff", file, "--any-sysctl").changes.contains("update sysctl kernel.panic"))
        let apply = try node.lvsctl("apply", file, "--any-sysctl")
        #expect(apply.status == 0, "\(apply.errors)")
        #expect(apply.errors.contains("kernel.panic (now \(panic.trimmed))"), "\(apply.errors)")
        #expect(try read(Self.panic).trimmed == "77")
        #expect(try !read(node.memoryPath()).contains("kernel."))
        let again = try node.lvsctl("apply", file, "--any-sysctl")
        #expect(again.status == 0 && !again.errors.contains("kernel.panic"), "\(again.errors)")

        // teardown sets nothing that the file has in it, and needs no word.
        let teardown = try node.lvsctl("teardown", file)
        #expect(teardown.status == 0)
        #expect(
          !teardown.errors.contains("foreign-sysctl") && teardown.errors.contains("left as they are: kernel.panic"))
        #expect(try read(Self.panic).trimmed == "77")
        try node.expectUnchanged(since: before)
      }
    }

    @Test func `no spelling of a name leaves the network's folders`() throws {
      try Network.classic { network in
        let node = network.web1
        let before = try node.state()
        let panic = try read(Self.panic)
        let climbs = [
          "net.ipv4.conf.lo/../../../kernel/panic", "net/ipv4/conf/lo/../../../kernel/panic",
          "net/ipv4/../../kernel/panic", "net/ipv4/../../../kernel/panic", "net.ipv4.//.//.kernel.panic",
        ]
        for name in climbs {
          for options in [[], ["--any-sysctl"]] {
            let file = Clusters.classic + "sysctls: { real_server: { \"\(name)\": 77 } }\n"
            let outcome = try node.lvsctl("apply", file, options)
            #expect(outcome.status == 65)
            #expect(outcome.errors.contains("error[bad-sysctl]"), "\(name): \(outcome.errors)")
          }
        }
        // There is no link below /proc/sys that a name could lead through.
        #expect(try succeed(["find", "/proc/sys", "-type", "l"]).output == "")
        #expect(try read(Self.panic) == panic)
        try node.expectUnchanged(since: before)
      }
    }
  }
}
