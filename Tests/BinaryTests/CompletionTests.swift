import Glibc
import LVSRender
import LVSText
import Testing

/// What pressing TAB does with text that somebody else wrote: it is read as text, in every shell.
struct CompletionTests {
  /// Names that are no plain words; each would leave a file PWNED behind where a shell acts upon it.
  static let hostile = [
    "$(touch PWNED)x", "`touch PWNED`", "${x:-$(touch PWNED)}", "$((a[$(touch PWNED)]))", "x';touch PWNED;'",
    "\";touch PWNED;\"", "<(touch PWNED)", ">(touch PWNED)", ">PWNED", ";touch PWNED", "|touch PWNED",
    "&touch PWNED&", "(touch PWNED)", "{touch,PWNED}", "(e:touch PWNED:)", "x\ntouch PWNED\n", "x\rtouch PWNED\r",
    "!touch PWNED", "~", "*", "?", "[a-z]*", "%s%n%1000000s", "\\$(touch PWNED)", "web 1", "a:b", "#", "=ls",
    "\u{1b}]0;title\u{7}", "\t", "--force-node", "-v",
  ]

  /// Of these names a file may have as many as it wants.
  static let allowed = hostile.filter { name in
    !"$`'\"\n\r\t\u{1b}".unicodeScalars.contains { name.unicodeScalars.contains($0) }
  }

  /// A cluster file whose directors, real servers and VIPs have some names, and harmless ones beside them.
  private static func file(_ names: [String]) -> String {
    var text = "directors:\n  - { name: director1, address: 10.0.0.1, interface: eth0 }\n"
    for (index, name) in names.enumerated() {
      text += "  - { name: \(name.escapedYAML), address: 10.0.1.\(index + 1), interface: eth0 }\n"
    }
    text += "real_servers:\n  - { name: web1, address: 10.0.0.2 }\n"
    for (index, name) in names.enumerated() {
      text += "  - { name: \(name.escapedYAML), address: 10.0.1.\(index + 1) }\n"
    }
    text += "vips:\n  - { name: public, address: 10.1.0.1 }\n  - { address: 2001:db8::1 }\n"
    for (index, name) in names.enumerated() {
      text += "  - { name: \(name.escapedYAML), address: 10.1.1.\(index + 1) }\n"
    }
    return text + "services: []\n"
  }

  /// Every option that is completed with names of the file, with a command that has it.
  static let options = [
    ("diff", "--node"), ("apply", "--node"), ("teardown", "--node"), ("snapshot", "--node"), ("status", "--node"),
    ("status", "--vip"), ("status", "--server"), ("drain", "--node"), ("undrain", "--node"),
  ]

  /// Gives a test a folder with files of odd names and their names put into it, and looks afterwards whether anything was
  /// run: nothing may be there that was not there before.
  private func withFiles(_ files: [String: String], _ body: (String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      for (name, text) in files { try write(text, to: "\(folder)/\(name)") }
      try body(folder)
      let left = try shell("cd '\(folder)' && find . -path ./.private -prune -o -type f -print").output
      #expect(Set(left.split(separator: "\n").map(String.init)) == Set(files.keys.map { "./\($0)" }))
      #expect(try shell("find '\(folder)' / -maxdepth 1 -name 'PWNED*'").output == "")
    }
  }

  // MARK: What lvsctl itself prints

  @Test(arguments: options)
  func `lvsctl offers plain words and addresses alone`(command: String, option: String) throws {
    try withFiles(["odd.conf": Self.file(Self.allowed), "bad.conf": Self.file(Self.hostile)]) { folder in
      let words = "---completion \(command) -- \(option) 4 0 lvsctl \(command)"
      let harmless = ["--vip": "public\n2001:db8::1\n", "--server": "web1\n"][option] ?? "director1\nweb1\n"
      #expect(try shell("cd '\(folder)' && '\(lvsctlPath)' \(words) odd.conf \(option) ''").output == harmless)
      // A file with a fault offers nothing, or plain words.
      let faulty = try shell("cd '\(folder)' && '\(lvsctlPath)' \(words) bad.conf \(option) ''").output
      #expect(faulty.split(separator: "\n").allSatisfy { String($0).isPlainWord }, "\(faulty)")
    }
  }

  @Test(arguments: ["drain", "undrain"])
  func `lvsctl offers real servers to a command that wants one`(command: String) throws {
    try withFiles(["odd.conf": Self.file(Self.allowed)]) { folder in
      let words = "---completion \(command) -- positional@0 2 0 lvsctl \(command) '' odd.conf"
      #expect(try shell("cd '\(folder)' && '\(lvsctlPath)' \(words)").output == "web1\n")
      let script = try shell("'\(lvsctlPath)' --generate-completion-script bash")
      #expect(script.status == 0)
      #expect(script.output.contains("__lvsctl_add_words ---completion \(command) -- positional@0 "))
    }
  }

  @Test func `for TAB no FIFO, device or folder is read`() throws {
    try withFiles(["c.conf": Self.file([])]) { folder in
      // The FIFO has a writer that says nothing; `timeout` ends what waits for it.
      let ending = try shell(
        """
        cd '\(folder)' && mkfifo fifo && exec 3<>fifo && ln -s fifo link && mkdir sub &&
        timeout 60 '\(lvsctlPath)' ---completion diff -- --node 9 0 lvsctl diff fifo link /dev/zero /proc/kmsg sub c.conf --node ''
        """)
      #expect(ending.status == 0 && ending.output == "director1\nweb1\n", "\(ending)")
    }
  }

  @Test func `for TAB no more than 8 MiB are read, of all words together`() throws {
    let padding = { (count: Int) in String(repeating: String(repeating: "#", count: 1023) + "\n", count: count) }
    let files = [
      "fits.conf": padding(7 << 10) + Self.file([]), "large.conf": padding(8 << 10) + Self.file([]),
      "half": padding(4 << 10),
    ]
    try withFiles(files) { folder in
      let words = "cd '\(folder)' && '\(lvsctlPath)' ---completion diff -- --node 5 0 lvsctl diff"
      let fits = try shell("\(words) fits.conf --node ''")
      #expect(fits.output == "director1\nweb1\n")
      #expect(try shell("\(words) large.conf --node ''").output.split(separator: "\n").isEmpty)
      #expect(try shell("\(words) half fits.conf --node ''").output.split(separator: "\n").isEmpty)
    }
  }

  @Test func `the names are those of the file, and not of what it is compared with`() throws {
    try withFiles(["c.conf": Self.file([]), "old.conf": Self.file(["former"])]) { folder in
      let words = "cd '\(folder)' && '\(lvsctlPath)' ---completion diff -- --node 5 0 lvsctl diff"
      let ending = try shell("\(words) --against old.conf c.conf --node ''")
      #expect(ending.output == "director1\nweb1\n")
    }
  }

  // MARK: On a terminal

  @Test(arguments: InteractiveShell.names)
  func `a name that a shell would run is not run by TAB, and harmless ones are completed`(name: String) throws {
    let files = [
      "odd.conf": Self.file(Self.allowed), "bad.conf": Self.file(Self.hostile), "good.conf": Self.file([]),
      "run.conf": Self.file(["$(touch PWNED)x"]),
    ]
    try withFiles(files) { folder in
      let shell = try InteractiveShell(name, in: folder)
      for (command, option) in Self.options {
        for file in ["run.conf", "bad.conf", "odd.conf"] {
          try shell.abandon("lvsctl \(command) \(file) \(option) \t\t")
        }
        for file in ["odd.conf", "good.conf"] {
          let (typed, meant) = ["--vip": ("pu", "public"), "--server": ("we", "web1")][option] ?? ("di", "director1")
          let got = try shell.run("lvsctl \(command) \(file) \(option) \(typed)\t")
          #expect(got == "GOT[\(command)][\(file)][\(option)][\(meant)]:END")
        }
      }
      #expect(try shell.run("lvsctl diff odd.conf --node \"di\t") == "GOT[diff][odd.conf][--node][director1]:END")
      #expect(try shell.run("lvsctl status odd.conf --vip 20\t") == "GOT[status][odd.conf][--vip][2001:db8::1]:END")
    }
  }

  @Test(arguments: InteractiveShell.names)
  func `a script takes text for text, whatever prints it`(name: String) throws {
    // Each alone is inserted; all of them are listed.
    try withFiles(["good.conf": Self.file([])]) { folder in
      // zsh itself takes a `!` in front for an event of its history, once the line is run.
      let names = Self.hostile.filter { name != "zsh" || !$0.hasPrefix("!") }
      let shell = try InteractiveShell(name, in: folder)
      for answer in names + [names.joined(separator: "\n")] {
        try shell.complete(with: answer + (name == "zsh" ? "\n " : ""))
        try shell.abandon("lvsctl diff good.conf --node \t\t")
        // What was inserted is one word, or nothing, once the line is run.
        #expect(try shell.run("lvsctl diff good.conf --node \t").hasPrefix("GOT[diff][good.conf][--node]"))
        try shell.abandon("lvsctl status good.conf --vip \t\t")
      }
    }
  }

  @Test func `a shell that has an old script loaded runs nothing either`() throws {
    let old = """
      _old() {
          COMPREPLY=($(compgen -W "$(lvsctl ---completion diff -- --node "$COMP_CWORD" 0 "${COMP_WORDS[@]}")" -- "$2"))
      }
      complete -o filenames -F _old lvsctl

      """
    try withFiles(["odd.conf": Self.file(Self.allowed), "bad.conf": Self.file(Self.hostile)]) { folder in
      let shell = try InteractiveShell("bash", in: folder, script: old)
      try shell.abandon("lvsctl diff bad.conf --node \t\t")
      try shell.abandon("lvsctl diff odd.conf --node \t\t")
      #expect(try shell.run("lvsctl diff odd.conf --node di\t") == "GOT[diff][odd.conf][--node][director1]:END")
    }
  }

  @Test(arguments: InteractiveShell.names)
  func `names of files and words of the line are text as well`(name: String) throws {
    let files = [
      "a$(touch PWNED)": "", "b`touch PWNED`": "", "c;touch PWNED": "", "d'\"\\x": "", "e\n$(touch PWNED)": "",
    ]
    try withTemporaryFolder { folder in
      for file in files.keys {
        let path = shellQuoted("\(folder)/\(file)")
        #expect(try shell("touch \(path)").status == 0)
      }
      let shell = try InteractiveShell(name, in: folder)
      #expect(try shell.run("lvsctl validate a\t") == "GOT[validate][a$(touch PWNED)]:END")
      #expect(try shell.run("lvsctl validate b\t") == "GOT[validate][b`touch PWNED`]:END")
      #expect(try shell.run("lvsctl validate c\t") == "GOT[validate][c;touch PWNED]:END")
      #expect(try shell.run("lvsctl diff --against d\t") == "GOT[diff][--against][d'\"\\x]:END")
      for command in ["validate ", "diff --against ", "status --output "] {
        try shell.abandon("lvsctl \(command)\t\t")
        try shell.abandon("lvsctl \(command)e\t\t")
      }
      for word in ["$(touch PWNED)", "`touch PWNED`", "\"$(touch PWNED)\"", "<(touch PWNED)", "$((x[$(touch PWNED)]))"]
      {
        try shell.abandon("lvsctl diff \(word) --node \t\t")
        try shell.abandon("lvsctl status --vip \(word) --server \t\t")
      }
      #expect(try TestSupport.shell("cd '\(folder)' && find . -name PWNED").output == "")
    }
  }

  @Test(arguments: ["keepalived --vrrp", "sysctl", "modules"])
  func `a form of export offers plain words as nodes too`(form: String) throws {
    try withFiles(["odd.conf": Self.file(Self.allowed), "bad.conf": Self.file(Self.hostile)]) { folder throws in
      let name = form.split(separator: " ")[0]
      func offered(_ file: String) throws -> String {
        let words = "---completion export \(name) -- --node 5 0 lvsctl export \(form) \(file) --node ''"
        return try shell("cd '\(folder)' && '\(lvsctlPath)' \(words)").output
      }
      #expect(try offered("odd.conf") == "director1\nweb1\n")
      #expect(try offered("bad.conf").split(separator: "\n").allSatisfy { String($0).isPlainWord })
    }
  }

  // MARK: The script for bash

  @Test func `the script for bash never has lvsctl's words expanded`() throws {
    let script = try shell("'\(lvsctlPath)' --generate-completion-script bash").output
    let calls = script.split(separator: "\n").filter { $0.contains("---completion") }
    // And `--explain`, whose words are lvsctl's own, the real server of drain and of undrain, and the node of each form of
    // export.
    #expect(calls.count == Self.options.count + 6)
    #expect(calls.allSatisfy { $0.hasPrefix("        __lvsctl_add_words ---completion ") })
    #expect(!script.contains("-W \"$("))
    for way in ["--generate-completion-script=bash", "diff --generate-completion-script bash"] {
      #expect(try shell("'\(lvsctlPath)' \(way)").output == script)
    }
    #expect(try shell("SHELL=/bin/bash '\(lvsctlPath)' --generate-completion-script").output == script)
  }

  /// What the parser of arguments generates, cut to the lines that count.
  private static let generated = #"""
    #!/bin/bash

    __lvsctl_add_completions() {
        local completion
        while IFS='' read -r completion; do
            COMPREPLY+=("${completion}")
        done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
    }

    _lvsctl() {
            __lvsctl_add_completions -W 'text'$'\n''json'
            __lvsctl_add_completions -W "$(__lvsctl_custom_complete ---completion diff -- --node "${COMP_CWORD}" "$(__lvsctl_cursor_index_in_current_word)")"
            __lvsctl_add_completions -f
    }
    complete -o filenames -F _lvsctl lvsctl
    """#

  @Test func `a generated script of another form is refused, and not passed on`() throws {
    let safe = try #require(BashCompletion.safe(Self.generated))
    #expect(
      !safe.contains("-W \"") && safe.contains("        __lvsctl_add_words ---completion diff -- --node \"${COMP"))
    let changes = [
      ("_lvsctl() {", "_lvsctl () {"), ("__lvsctl_add_completions -W \"$(__", "__lvsctl_add -W \"$(__"),
      ("---completion diff", "---completion 'diff'"), ("\"${COMP_CWORD}\" ", ""),
      ("-W 'text'$'\\n''json'", "-W \"$(eval 'x')\""), ("    done <", "    # compgen -W \"$x\"\n    done <"),
      ("__lvsctl_add_completions -W \"$(__lvsctl_custom_complete", "COMPREPLY=($(__lvsctl_custom_complete"),
      ("__lvsctl_add_completions -f", "eval x"),
    ]
    for (old, new) in changes {
      #expect(Self.generated.contains(old))
      #expect(BashCompletion.safe(Self.generated.replacing(old, with: new)) == nil, "\(new)")
    }
  }
}
