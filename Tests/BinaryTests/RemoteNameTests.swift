import Glibc
import LVSText
import Testing

/// A node's name on its way to another machine: through ssh, and through the shell of whoever logs in there.
struct RemoteNameTests {
  @Test(arguments: ["sh", "bash", "zsh"])
  func `a node's name arrives over ssh as one word, whatever is in it`(login: String) throws {
    try withTemporaryFolder { folder in
      let cluster = shellQuoted("\(projectFolder)/Examples/cluster.conf")
      try writeProgram(
        """
        #!/bin/sh
        cd '\(folder)'
        for word in "$@"; do last=$word; done
        PATH='\(folder)/there':/usr/bin:/bin exec \(login) -c "$last"

        """, to: "\(folder)/ssh")
      #expect(try shell("mkdir '\(folder)/there'").status == 0)
      try writeProgram(
        "#!/bin/sh\nprintf '%s\\0' \"$@\" > '\(folder)/words'\ncat > /dev/null\nexit 65\n", to: "\(folder)/there/lvsctl"
      )
      for name in CompletionTests.hostile + [
        "'", "''", "\\", "\\'", "a'$(touch PWNED)'b", "-oProxyCommand=touch PWNED",
      ] {
        let node = shellQuoted("--node=\(name)")
        let ending = try shell("PATH='\(folder)':$PATH '\(lvsctlPath)' diff \(cluster) --against ssh://h \(node)")
        #expect(ending.status == 65, "\(ending.output)")
        let words = String(decoding: try contents(of: "\(folder)/words"), as: UTF8.self)
        #expect(words == "snapshot\0-\0--node=\(name)\0")
      }
      let left = try shell("ls '\(folder)'").output
      #expect(left == "ssh\nthere\nwords\n")
    }
  }
}
