import Glibc
import LVSModel
import LVSText
import Testing

/// A file that is reached over a symbolic link out of its folder: whoever made the link may not read it, and whoever
/// reads the messages neither, so no text of it is in them.
struct ForeignLinkTests {
  private let faults = "\(projectFolder)/Tests/PureTests/Faults"
  private static let secret = "SECRET: [hunter2, *hunter2]\nservices: [{ vip: hunter2, port: hunter2, hunter2: 1 }]\n"
  private static let why = "is reached over a symbolic link that leads out of its folder"

  /// A folder with `work`, a checkout, and `secret/key` beside it, which is no business of who wrote the checkout.
  private func withCheckout(_ lines: String, _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try shell("cd '\(folder)' && mkdir -p work/.git work/lvs secret").succeeds()
      for path in ["secret/key", "work/.git/config", "work/plain"] { try write(Self.secret, to: "\(folder)/\(path)") }
      try shell("cd '\(folder)/work' && \(lines)").succeeds()
      try body(folder)
    }
  }

  private func isSilent(_ output: String) -> Bool {
    output.contains(Self.why) && !output.contains("hunter2") && !output.contains("SECRET")
  }

  @Test(arguments: [
    ("ln -s ../secret/key c.conf", "c.conf"), ("ln -s ../secret/key c.conf", "$PWD/c.conf"),
    ("ln -s ../secret/key c.conf", "./lvs/../c.conf"), ("ln -s ../secret/key c.conf", "../work/c.conf"),
    ("ln -s \"$PWD\"/../secret/key c.conf", "c.conf"), ("ln -s ../secret/key b && ln -s b c.conf", "c.conf"),
    ("ln -s ../secret b && ln -s b/key c.conf", "c.conf"), ("ln -s ../secret conf", "conf/key"),
    ("ln -s ../secret conf", "$PWD/conf/key"), ("ln -s ../../secret lvs/conf", "lvs/conf/key"),
    ("ln -s ../../secret lvs/conf", "./lvs//conf/key"), ("ln -s .git/config c.conf", "c.conf"),
    ("ln -s .git conf", "conf/config"), ("ln -s ../plain lvs/c.conf", "lvs/c.conf"),
    ("ln -s ../secret/key c.conf", "/dev/fd/../../../$PWD/c.conf"),
    ("ln -s /dev/stdin c.conf", "c.conf < ../secret/key"),
    ("ln -s /proc/self/fd/0 c.conf", "c.conf < ../secret/key"),
  ])
  func `no text behind a link out of its folder is told`(lines: String, path: String) throws {
    try withCheckout(lines) { folder in
      for command in ["validate", "diff", "apply", "status", "teardown", "snapshot", "validate --format json"] {
        let ending = try shell("cd '\(folder)/work' && '\(lvsctlPath)' \(command) \(path)")
        #expect(ending.status == 65 && isSilent(ending.output), "\(command): \(ending.output)")
      }
      let cluster = "'\(projectFolder)/Examples/cluster.conf'"
      let ending = try shell("cd '\(folder)/work' && '\(lvsctlPath)' diff \(cluster) --against \(path)")
      #expect(ending.status == 65 && isSilent(ending.output), "\(ending.output)")
    }
  }

  @Test func `a link out of its folder is told from everywhere`() throws {
    try withCheckout("ln -s ../secret/key c.conf") { folder in
      let ending = try shell("cd / && '\(lvsctlPath)' validate '\(folder)/work/c.conf'")
      #expect(ending.status == 65 && isSilent(ending.output), "\(ending.output)")
      #expect(ending.output.contains("\(folder)/work/c.conf:1:1\n"), "\(ending.output)")
    }
  }

  @Test(arguments: [
    ("true", "plain"), ("true", "./plain"), ("true", "$PWD/plain"), ("true", "../work/plain"),
    ("true", "../secret/key"),
    ("true", "$PWD/../secret/key"), ("true", "lvs/../../secret/key"), ("ln -s plain c.conf", "c.conf"),
    ("ln -s plain b && ln -s b c.conf", "c.conf"),
    ("ln -s ../work/plain c.conf", "c.conf"), ("ln -s lvs/../plain c.conf", "c.conf"), ("true", ".git/config"),
    ("ln plain .c.conf", ".c.conf"), ("ln plain lvs/üüü.conf", "lvs/üüü.conf"),
    ("ln -s lvs conf && echo 'hunter2' > lvs/c.conf", "conf/c.conf"),
    ("mkdir ..1 && echo hunter2 > ..1/c && ln -s ..1 ..data && ln -s ..data/c c.conf", "c.conf"),
    ("true", "- < plain"), ("true", "/dev/stdin < ../secret/key"), ("true", "/dev/fd/3 3< ../secret/key"),
    ("true", "/proc/self/fd/3 3< ../secret/key"), ("true", "<(cat ../secret/key)"),
  ])
  func `a file that lies where its path says is quoted`(lines: String, path: String) throws {
    try withCheckout(lines) { folder in
      let ending = try shell("cd '\(folder)/work' && bash -c '\"$0\" validate \(path)' '\(lvsctlPath)'")
      #expect(ending.status == 65 && ending.output.contains("hunter2"), "\(ending.output)")
      #expect(!ending.output.contains(Self.why))
    }
  }

  @Test func `whatever the fault, only its kind and place are told`() throws {
    try withTemporaryFolder { folder in
      let ending = try shell(
        """
        cd '\(folder)' && for file in '\(faults)'/*.conf; do
          ln -sf "$file" link && '\(lvsctlPath)' validate link
          '\(lvsctlPath)' validate --format json link 2>/dev/null | grep -F '"message"'
        done
        """)
      let kind = "[a-z0-9-]+"
      let n = "(null|[0-9]+)"
      let said = "A fault of this kind is here; the text is not shown."
      let help = "`lvsctl validate --explain \(kind)` tells more about the kind."
      let end = #""line": \#(n), "column": \#(n), "end_line": \#(n), "end_column": \#(n), "help": "\#(help)" }"#
      let lines = try Regex(
        #"(error|warning)\[\#(kind)\]: \#(said)| +--> link:[0-9]+:[0-9]+| += help: \#(help)|link \#(Self.why), .*"#
          + "|([0-9]+ errors?)?(, )?([0-9]+ warnings?)?( and more that are not shown)? in link[.]"
          + #"|    \{ "code": "\#(kind)", "severity": "(error|warning)", "message": "\#(said)", \#(end),?"#)
      for line in ending.output.split(separator: "\n") {
        #expect(try lines.wholeMatch(in: line) != nil, "\(line)")
      }
      #expect(ending.output.split(separator: "\n").count > 500)
    }
  }

  @Test func `a snapshot behind such a link is compared, and what is wrong with it is not told`() throws {
    let good = JSONText.pretty(Snapshot(state: try Classic.target("director2").state).json)
    try withCheckout("ln -s ../secret/good good && ln -s ../secret/bad bad") { folder in
      try write(good, to: "\(folder)/secret/good")
      try write("{ \"hunter2\": hunter2 }", to: "\(folder)/secret/bad")
      let line = "cd '\(folder)/work' && '\(lvsctlPath)' diff '\(projectFolder)/Examples/cluster.conf' --node director2"
      let compared = try shell("\(line) --against good")
      #expect(compared.status == 0 && !compared.output.contains(Self.why), "\(compared.output)")
      let refused = try shell("\(line) --against bad")
      #expect(refused.status == 65 && !refused.output.contains("hunter2"), "\(refused.output)")
      #expect(refused.output.contains("over a symbolic link"), "\(refused.output)")
    }
  }
}

extension Ending {
  fileprivate func succeeds() { #expect(status == 0, "\(output)") }
}
