import Glibc
import LVSModel
import LVSText
import Testing

/// The command line, where it needs neither a kernel with IPVS nor privileges.
struct CommandLineTests {
  private let cluster = "\(projectFolder)/Examples/cluster.conf"

  private func lvsctl(_ line: String) throws -> Ending { try shell("'\(lvsctlPath)' \(line)") }

  private func document(_ line: String) throws -> JSONText.Value {
    let output = try lvsctl(line).output
    return try #require(JSONText.value(of: Array(output.utf8)))
  }

  /// Writes a file with the classic cluster, with something replaced, and gives it to the test.
  private func withChanged(_ old: String, _ new: String, _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let text = String(decoding: try contents(of: cluster), as: UTF8.self).replacing(old, with: new)
      try write(text, to: "\(folder)/new.conf")
      try body("\(folder)/new.conf")
    }
  }

  // MARK: Comparisons

  @Test func `two files are compared for every node, and exit status 1 says that something differs`() throws {
    try withChanged("scheduler: rr", "scheduler: wrr") { file in
      let ending = try lvsctl("diff \(file) --against '\(cluster)'")
      #expect(ending.status == 1)
      for node in [
        "director1 (director)", "director2 (standby)", "web1 (realserver): nothing", "web2 (realserver): nothing",
      ] {
        #expect(ending.output.contains(node))
      }
      #expect(ending.output.contains("2 changes on 2 of 4 nodes."))
      let json = try document("diff \(file) --against '\(cluster)' --format json")
      #expect(json["format_version"]?.number() == 1)
      // The order in which to bring them to the file: who is sent to before who sends, the active director last.
      #expect(json["nodes"]?.elements?.compactMap { $0["node"]?.text } == ["web1", "web2", "director2", "director1"])
      let one = try document("diff \(file) --against '\(cluster)' --format json --node web1")
      #expect(one["node"]?.text == "web1" && one["changes"]?.elements?.count == 0)
      #expect(try lvsctl("diff \(file) --against '\(cluster)' --node web1").status == 0)
    }
  }

  @Test func `the old file may come from standard input`() throws {
    try withChanged("scheduler: rr", "scheduler: wrr") { file in
      let ending = try shell("'\(lvsctlPath)' diff \(file) --against - --format commands < '\(cluster)'")
      #expect(ending.status == 1)
      let line = "ipvsadm -E -t 192.168.147.100:80 -s wrr\n"
      #expect(ending.output == "# director2\n\(line)# director1\n\(line)")
      #expect(try shell("'\(lvsctlPath)' diff '\(cluster)' --against - < '\(cluster)'").status == 0)
    }
  }

  @Test func `a machine that was renamed is still itself, and one that left is taken apart`() throws {
    try withChanged("name: web2,", "name: web9,") { file in
      let ending = try lvsctl("diff \(file) --against '\(cluster)'")
      #expect(ending.status == 0)
      #expect(ending.output.contains("web9 (realserver): nothing to change"))
      #expect(!ending.output.contains("web2"))
    }
    try withChanged("  - { name: web2, address: 192.168.147.3 }\n", "") { file in
      let plan = try lvsctl("diff \(file) --against '\(cluster)' --format commands").output
      #expect(
        plan.contains(
          "# web2\nip addr del 192.168.147.100/32 dev lo\nip route del 192.168.147.100/32 dev lo proto 76\n"))
      #expect(plan.contains("ipvsadm -d -t 192.168.147.100:80 -r 192.168.147.3:80\n"))
    }
  }

  @Test(arguments: ["text", "markdown", "commands"])
  func `a real server that comes is first, and one that goes is last`(format: String) throws {
    let entry = "  - { name: web2, address: 192.168.147.3 }\n"
    try withChanged(entry, "  - { name: web3, address: 192.168.147.2 }\n") { file in
      let output = try lvsctl("diff \(file) --against '\(cluster)' --format \(format)").output
      let headings = output.split(separator: "\n").filter { !$0.contains(" -> ") && !$0.hasPrefix("ipvsadm") }
      let places = ["web3", "director2", "director1", "web2"].map { name in
        headings.firstIndex { $0.contains(name) && !$0.contains("othing to change") }
      }
      #expect(!places.contains(nil) && places.compactMap(\.self) == places.compactMap(\.self).sorted(), "\(output)")
      if format != "commands" { #expect(output.contains("(realserver, leaves the file)"), "\(output)") }
    }
  }

  @Test(arguments: ["/dev/null", "- </dev/null", "-  <<END\n# to come\nEND"])
  func `an empty file to compare with is a cluster that does not exist yet`(source: String) throws {
    let ending = try lvsctl("diff '\(cluster)' --against \(source)")
    #expect(ending.status == 1)
    #expect(
      ending.output.contains(" holds no cluster: it is empty, or has only comments. So all of "), "\(ending.output)")
    #expect(ending.output.hasSuffix("29 changes on 4 of 4 nodes.\n"), "\(ending.output)")
    let one = try shell(
      "'\(lvsctlPath)' diff '\(cluster)' --node web1 --against /dev/null --format commands 2>/dev/null")
    #expect(one.status == 1 && one.output.contains("ip addr add 192.168.147.100/32 dev lo"), "\(one.output)")
    // The file itself may not be: it would take everything away.
    #expect(try lvsctl("diff /dev/null --against '\(cluster)'").status == 65)
  }

  @Test func `one node of two files is what it is among all of them`() throws {
    try withChanged("name: web2,", "name: web9,") { file in
      let renamed = try lvsctl("diff \(file) --against '\(cluster)' --node web9")
      #expect(renamed.status == 0, "\(renamed.output)")
      let former = try lvsctl("diff \(file) --against '\(cluster)' --node web2")
      #expect(former.status == 65 && former.output.contains("web9"), "\(former.output)")
    }
    try withChanged("  - { name: web2, address: 192.168.147.3 }\n", "") { file in
      let left = try lvsctl("diff \(file) --against '\(cluster)' --node web2")
      #expect(left.status == 1)
      #expect(left.output.contains("- address     192.168.147.100/32 dev lo"), "\(left.output)")
    }
  }

  @Test func `a role that the old file has not for a node is said, and not that everything is new`() throws {
    let entry = "real_servers:\n"
    let promoted = "  - { name: web1, address: 192.168.147.4, interface: ens33 }\n\n\(entry)"
    try withChanged(entry, promoted) { file in
      let options = "--against '\(cluster)' --node web1"
      let refused = try lvsctl("diff \(file) \(options) --role director")
      #expect(refused.status == 65)
      #expect(refused.output.contains("\(cluster) has this node in another part"), "\(refused.output)")
      #expect(refused.output.contains("is a real server in the file and no director"))
      #expect(!refused.output.contains("create") && !refused.output.contains("+ "))
      #expect(try lvsctl("diff \(file) \(options)").status == 1)
    }
  }

  @Test func `a real server that leaves is told by the name that it had`() throws {
    try withChanged("  - { name: web2, address: 192.168.147.3 }\n", "") { file in
      let text = try lvsctl("diff \(file) --against '\(cluster)'").output
      #expect(text.contains("- real server   -> 192.168.147.3:80 (web2)\n"), "\(text)")
    }
  }

  @Test func `a file is compared with a snapshot without a kernel and without privilege`() throws {
    let file = Classic.file()
    let snapshot = Snapshot(
      cluster: "cluster", node: "director2", role: "standby", state: try Classic.target("director2", file: file).state)
    try withTemporaryFolder { folder in
      try write(JSONText.pretty(snapshot.json), to: "\(folder)/snapshot.json")
      // Whoever runs this: nobody, with no capability and no network of its own.
      let nobody = getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all" : ""
      try shell("chmod 755 '\(folder)' && cp '\(lvsctlPath)' '\(cluster)' '\(folder)'").isEmpty()
      let line = "cd '\(folder)' && \(nobody) ./lvsctl diff cluster.conf --against"
      #expect(try shell("\(line) snapshot.json").status == 0)
      #expect(try shell("\(line) - < '\(folder)/snapshot.json'").status == 0)
      #expect(try shell("\(line) cluster.conf").status == 0)
      let promoted = try shell("\(line) snapshot.json --role director")
      #expect(promoted.status == 1)
      #expect(promoted.output.contains("+ address     192.168.147.100/32 dev ens33"))
    }
  }

  @Test func `what a snapshot cannot tell of is no difference, and is said`() throws {
    let sysctls = "sysctls: { director: { kernel.panic: 9, net.ipv4.tcp_fastopen_key: 7, net.core.somaxconn: 5 } }\n"
    try withChanged("services:\n", "\(sysctls)services:\n") { file in
      let snapshot = Snapshot(
        state: try Classic.target("director2").state, withheldSysctls: ["net.ipv4.tcp_fastopen_key"])
      try write(JSONText.pretty(snapshot.json), to: "\(file).json")
      let ending = try lvsctl("diff \(file) --any-sysctl --against \(file).json --node director2 --format commands")
      #expect(ending.status == 1)
      #expect(ending.output.contains("does not tell the value of kernel.panic, net.ipv4.tcp_fastopen_key: "))
      #expect(ending.output.contains("sysctl -qw net.core.somaxconn=5\n"), "\(ending.output)")
      #expect(!ending.output.contains("kernel.panic="))
    }
  }

  @Test func `a sysctl outside the network's is refused until it is asked for`() throws {
    try withChanged("services:\n", "sysctls: { director: { kernel.core_pattern: core } }\nservices:\n") { file in
      for command in ["validate \(file)", "diff \(file) --against '\(cluster)'", "status \(file)", "snapshot \(file)"] {
        let ending = try lvsctl(command)
        #expect(ending.status == 65)
        #expect(ending.output.contains("error[foreign-sysctl]: `kernel.core_pattern` is outside"), "\(ending.output)")
      }
      #expect(try lvsctl("validate \(file) --any-sysctl").status == 0)
      let plan = try lvsctl("diff \(file) --any-sysctl --against '\(cluster)' --format commands --node director1")
        .output
      #expect(plan.contains("kernel.core_pattern=core"), "\(plan)")
      // What a file is compared with is never set.
      let removal = try lvsctl("diff '\(cluster)' --against \(file) --node director1")
      #expect(removal.status <= 1, "\(removal.output)")
    }
  }

  @Test(arguments: ["state", "./state"])
  func `a relative folder of state is refused`(folder: String) throws {
    let ending = try shell("LVSCTL_STATE_DIR=\(folder) '\(lvsctlPath)' confirm")
    #expect(ending.status == 71)
    #expect(ending.output.contains("\(folder): LVSCTL_STATE_DIR is a relative path"), "\(ending.output)")
  }

  @Test func `an empty folder of state is as none`() throws {
    // Where a confirmation waits is known to root alone; here it is enough that nothing is looked for in the root folder.
    let empty = try shell("LVSCTL_STATE_DIR= '\(lvsctlPath)' confirm")
    let unset = try shell("unset LVSCTL_STATE_DIR; '\(lvsctlPath)' confirm")
    #expect(empty.output == unset.output)
  }

  @Test(arguments: [
    ("--against /nowhere", 66), ("--against . ", 66), ("--against ssh://", 64),
    ("--against ssh://-oProxyCommand=x", 64),
    ("--against ssh://root@-x", 64), ("--against ssh://-x@host", 64), ("--against ssh://host:99999", 64),
    ("--against 'ssh://a b'", 64), ("--against 'ssh://a;b'", 64), ("--against ssh://::1", 64),
    ("--node nobody --against CLUSTER", 65), ("--role director --against CLUSTER", 64),
    ("--node web1 --role director --against CLUSTER", 65), ("--against /etc/passwd", 65),
    ("--format xml --against CLUSTER", 64),
  ])
  func `what cannot be compared ends with the status of the contract`(options: String, status: Int) throws {
    let ending = try lvsctl("diff '\(cluster)' \(options.replacing("CLUSTER", with: "'\(cluster)'"))")
    #expect(ending.status == status, "\(ending.output)")
    #expect(!ending.output.isEmpty)
  }

  @Test func `a snapshot with a fault is told with its file and place`() throws {
    try withTemporaryFolder { folder in
      try write(#"{ "format_version": 1, "cluster": "c", "node": "web1", "role": 7 }"#, to: "\(folder)/s.json")
      let ending = try lvsctl("diff '\(cluster)' --against '\(folder)/s.json'")
      #expect(ending.status == 65)
      #expect(ending.output == "\(folder)/s.json:1:64: In the snapshot, role is not a text: `7` stands there.\n")
    }
  }

  @Test(arguments: [
    ("ssh://host", "-- host"), ("ssh://admin@host:2222/", "-p 2222 -- admin@host"),
    ("ssh://root@[2001:db8::1]:22", "-p 22 -- root@2001:db8::1"), ("ssh://[2001:db8::1]", "-- 2001:db8::1"),
  ])
  func `ssh gets user, host and port, and the file on its standard input`(url: String, words: String) throws {
    try withTemporaryFolder { folder in
      let snapshot = Snapshot(
        cluster: "cluster", node: "web1", role: "realserver", state: try Classic.target("web1").state)
      try write(JSONText.pretty(snapshot.json), to: "\(folder)/snapshot.json")
      try writeProgram(
        "#!/bin/sh\nprintf '%s|' \"$@\" > '\(folder)/words'\ncat > '\(folder)/file'\ncat '\(folder)/snapshot.json'\n",
        to: "\(folder)/ssh")
      let ending = try shell("PATH='\(folder)':$PATH '\(lvsctlPath)' diff '\(cluster)' --against '\(url)'")
      #expect(ending.status == 0, "\(ending.output)")
      #expect(try contents(of: "\(folder)/file") == contents(of: cluster))
      let given = String(decoding: try contents(of: "\(folder)/words"), as: UTF8.self)
      #expect(given == words.split(separator: " ").map { "\($0)|" }.joined() + "lvsctl snapshot -|")
    }
  }

  @Test func `the node and role asked for are asked for over there, behind quotes`() throws {
    try withTemporaryFolder { folder in
      try writeProgram("#!/bin/sh\nprintf '%s' \"$3\" > '\(folder)/command'\nexit 1\n", to: "\(folder)/ssh")
      let ending = try shell(
        "PATH='\(folder)':$PATH '\(lvsctlPath)' diff '\(cluster)' --against ssh://h --role standby --node 'a b;c'")
      // Status 1 of a shell over there does not mean that something differs.
      #expect(ending.status == 66, "\(ending.output)")
      let command = String(decoding: try contents(of: "\(folder)/command"), as: UTF8.self)
      #expect(command == "lvsctl snapshot - --role standby '--node=a b;c'")
    }
  }

  // MARK: A change that fails before there is a plan

  @Test(arguments: ["apply", "teardown"])
  func `a file with faults makes a document with each fault and its place`(command: String) throws {
    try withChanged("scheduler: rr", "scheduler: [], weigt: 1") { file in
      let failed = try document("\(command) \(file) --format json 2>/dev/null")
      #expect(failed["node"] == .null && failed["changes"] == .array([]))
      let message = try #require(failed["error"]?["message"]?.text)
      let lines = message.split(separator: "\n")
      #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("\(file):") }, "\(message)")
      let ending = try lvsctl("\(command) \(file) --format json >/dev/null")
      #expect(ending.status == 65 && ending.output.contains("weigt"), "\(ending.output)")
    }
  }

  @Test(arguments: ["apply", "teardown"])
  func `a file that is not there makes a document, and not where text is asked for`(command: String) throws {
    let failed = try document("\(command) /nowhere.conf --format json 2>/dev/null")
    #expect(failed["error"]?["message"]?.text?.contains("/nowhere.conf cannot be read") == true)
    let ending = try lvsctl("\(command) /nowhere.conf 2>/dev/null")
    #expect(ending.status == 66 && ending.output == "")
  }

  // MARK: A result that nobody gets

  @Test(arguments: [
    "validate CLUSTER", "diff CLUSTER --against CLUSTER", "diff NEW --against CLUSTER --format json",
  ])
  func `a result that stdout does not take is no success`(line: String) throws {
    try withChanged("scheduler: rr", "scheduler: wrr") { file in
      let command = line.replacing("CLUSTER", with: "'\(cluster)'").replacing("NEW", with: file)
      for (redirection, reason) in [("/dev/full", "No space left on device"), ("&-", "Bad file descriptor")] {
        let ending = try lvsctl("\(command) >\(redirection)")
        #expect(ending.status == 71)
        #expect(ending.output.contains("stdout: \(reason)"), "\(ending.output)")
      }
    }
  }

  @Test func `trouble keeps its own status where stdout is full`() throws {
    let ending = try lvsctl("validate '\(projectFolder)/README.md' >/dev/full")
    #expect(ending.status == 65, "\(ending.output)")
  }

  @Test func `a reader that has read enough is no trouble`() throws {
    try withChanged("scheduler: rr", "scheduler: wrr") { file in
      let ending = try shell(
        "bash -o pipefail -c \"trap '' PIPE; '\(lvsctlPath)' diff \(file) --against '\(cluster)' | true\"")
      #expect(ending.status == 1 && ending.output == "", "\(ending.output)")
    }
  }

  @Test func `a pipe that does not wait gets the whole result`() throws {
    try withTemporaryFolder { folder in
      let text = String(decoding: try contents(of: cluster), as: UTF8.self)
      try write(text.replacing("port: 80", with: "port: \"1-2000\""), to: "\(folder)/many.conf")
      let command = "'\(lvsctlPath)' diff \(folder)/many.conf --against '\(cluster)' --format commands"
      let whole = try shell(command).output
      #expect(whole.utf8.count > 1 << 17)
      try write(
        """
        import os, sys
        os.set_blocking(1, False)
        os.execv(sys.argv[1], sys.argv[1:])

        """, to: "\(folder)/writer")
      // Reads once the pipe is full.
      try write(
        """
        import fcntl, struct, sys, termios
        while struct.unpack("i", fcntl.ioctl(0, termios.FIONREAD, bytes(4)))[0] < 65536: pass
        sys.stdout.buffer.write(sys.stdin.buffer.read())

        """, to: "\(folder)/reader")
      #expect(try shell("python3 \(folder)/writer \(command) | python3 \(folder)/reader").output == whole)
    }
  }

  // MARK: Version, help, completion

  @Test func `without a command the help is shown, and that is no success`() throws {
    let ending = try shell("'\(lvsctlPath)' 2>&1 >/dev/null")
    #expect(ending.status == 64)
    #expect(ending.output.contains("SUBCOMMANDS:"))
  }

  @Test func `the version names the release and the revision`() throws {
    #expect(
      try lvsctl("--version").output.wholeMatch(
        of: #/lvsctl [0-9]+\.[0-9]+\.[0-9]+ \([-+._0-9A-Za-z]+( revision)?\)\n/#) != nil)
  }

  @Test(arguments: [
    "validate", "diff", "apply", "confirm", "teardown", "snapshot", "status", "drain", "undrain", "export keepalived",
    "export sysctl", "export modules",
  ])
  func `every command's help has an example on a line of its own`(command: String) throws {
    let help = try lvsctl("\(command) --help")
    #expect(help.status == 0)
    #expect(help.output.split(separator: "\n").contains { $0.hasPrefix("  lvsctl \(command)") }, "\(help.output)")
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `the completion script is one for its shell`(name: String) throws {
    try withTemporaryFolder { folder in
      try shell("'\(lvsctlPath)' --generate-completion-script \(name) > '\(folder)/script'").isEmpty()
      #expect(try contents(of: "\(folder)/script").count > 1000)
      let check = try shell("\(name) -n '\(folder)/script'")
      #expect(check.status == 0, "\(check.output)")
    }
  }

  @Test func `--node is completed with the nodes of the file on the command line`() throws {
    let words = "---completion diff -- --node 4 0 lvsctl diff"
    let pools = "'\(projectFolder)/Examples/pools.conf'"
    #expect(
      try lvsctl("\(words) --format text \(pools) --node ''").output.split(separator: "\n")
        == ["lb1", "lb2", "web1", "web2", "web3", "mail1", "mail2", "app1", "app2"])
    #expect(try lvsctl("\(words) '\(cluster)' --node ''").output.split(separator: "\n").count == 4)
    #expect(try lvsctl("\(words) /nowhere --node ''").status == 0)
  }

  @Test func `--server and --vip are completed with the names of the file`() throws {
    let pools = "'\(projectFolder)/Examples/pools.conf'"
    let servers = try lvsctl("---completion status -- --server 4 0 lvsctl status \(pools) --server ''").output
    #expect(servers == "web1\nweb2\nweb3\nmail1\nmail2\napp1\napp2\n")
    let vips = try lvsctl("---completion status -- --vip 4 0 lvsctl status \(pools) --vip ''").output
    #expect(vips == "shop\npost\napi\n")
  }

  @Test func `a file in the home folder is found by its tilde`() throws {
    let words = "---completion diff -- --node 4 0 lvsctl diff '~/cluster.conf' --node ''"
    let ending = try shell("HOME='\(projectFolder)/Examples' '\(lvsctlPath)' \(words)")
    #expect(ending.output == "director1\ndirector2\nweb1\nweb2\n")
  }

  @Test func `bash completes a node's name through the script`() throws {
    let ending = try shell(
      """
      bash -c '
        source <("$0" --generate-completion-script bash)
        PATH=$(dirname "$0"):$PATH
        COMP_WORDS=(lvsctl diff "$1" --node di) COMP_CWORD=4 COMP_LINE="lvsctl diff $1 --node di" COMP_POINT=${#COMP_LINE}
        _lvsctl lvsctl di --node
        printf "%s\\n" "${COMPREPLY[@]}"
      ' '\(lvsctlPath)' '\(cluster)'
      """)
    #expect(ending.output == "director1\ndirector2\n")
  }

  @Test func `bash completes a file after --against`() throws {
    let ending = try shell(
      """
      cd '\(projectFolder)/Examples' && bash -c '
        source <("$0" --generate-completion-script bash)
        COMP_WORDS=(lvsctl diff --against cluster.c) COMP_CWORD=3 COMP_LINE="lvsctl diff --against cluster.c"
        COMP_POINT=${#COMP_LINE}
        _lvsctl lvsctl cluster.c --against
        printf "%s\\n" "${COMPREPLY[@]}"
      ' '\(lvsctlPath)'
      """)
    #expect(ending.output == "cluster.conf\n")
  }
}

extension Ending {
  /// Where a test relies on a line that says nothing.
  fileprivate func isEmpty(sourceLocation: SourceLocation = #_sourceLocation) throws {
    #expect(status == 0 && output == "", "\(output)", sourceLocation: sourceLocation)
  }
}
