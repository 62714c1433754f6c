import Glibc
import Testing

/// The command line of lvsctld, as far as it needs neither a kernel with IPVS nor privileges.
struct KeeperCommandLineTests {
  private func lvsctld(_ line: String) throws -> Ending { try shell("timeout 20 '\(lvsctldPath)' \(line)") }

  @Test func `its version and its help are results`() throws {
    let version = try lvsctld("--version 2>/dev/null")
    #expect(version.status == 0)
    #expect(version.output.hasPrefix("lvsctld "))
    let lvsctl = try shell("'\(lvsctlPath)' --version").output
    #expect(version.output.dropFirst("lvsctld ".count) == lvsctl.dropFirst("lvsctl ".count))
    let help = try lvsctld("--help 2>/dev/null")
    #expect(help.status == 0)
    #expect(help.output.contains("--announce-interval"))
  }

  @Test(arguments: [
    ("--interval 0", 64), ("--interval nan", 64), ("--announce-interval 0.5", 64), ("--metrics ''", 64),
    ("--colour never", 64), ("a b", 64), ("/nonexistent/cluster.conf", 66),
  ]) func `what it cannot go by ends it with the status that lvsctl has for it`(line: String, status: Int) throws {
    let ending = try lvsctld("\(line) 2>&1 >/dev/null")
    #expect(ending.status == status, "\(ending.output)")
    #expect(!ending.output.isEmpty)
  }

  @Test func `a faulty file is told with its faults, and ends it with 65`() throws {
    try withTemporaryFolder { folder in
      try write(
        "directors: [{ name: d, addres: 192.0.2.1, interface: eth0 }]\nservices: []\n", to: "\(folder)/new.conf")
      let ending = try lvsctld("\(folder)/new.conf")
      #expect(ending.status == 65)
      #expect(ending.output.contains("new.conf:1:"), "\(ending.output)")
      #expect(ending.output.contains("addres: 192.0.2.1"), "\(ending.output)")
      // Whoever made a link need not be one who may read what it leads to.
      symlink("\(folder)/new.conf", "\(folder)/link.conf")
      let linked = try lvsctld("\(folder)/link.conf")
      #expect(linked.status == 65)
      #expect(!linked.output.contains("192.0.2.1"), "\(linked.output)")
    }
  }

  @Test func `lines have their levels where the journal reads them, and nowhere else`() throws {
    try withTemporaryFolder { folder throws in
      func log(_ stream: String) throws -> String {
        let line = "JOURNAL_STREAM=\(stream) exec timeout 20 '\(lvsctldPath)' /nonexistent/cluster.conf"
        _ = try shell("sh -c \"\(line)\" 2>'\(folder)/log'")
        return String(decoding: try contents(of: "\(folder)/log"), as: UTF8.self)
      }
      // What the service manager says of the stream: its device and inode.
      #expect(try log(#"\$(stat -Lc %d:%i /proc/self/fd/2)"#).hasPrefix("<3>/nonexistent/cluster.conf cannot be read"))
      #expect(try log("1:1").hasPrefix("/nonexistent/cluster.conf cannot be read"))
      #expect(try log("").hasPrefix("/nonexistent/cluster.conf cannot be read"))
    }
  }
}
