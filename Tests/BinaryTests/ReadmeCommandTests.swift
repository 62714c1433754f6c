import Glibc
import LVSSystem
import Testing

/// Commands of README.md that need the binaries and no kernel, as they stand there.
struct ReadmeCommandTests {
  /// Runs a block in a folder that looks like the project's own with a release in it.
  private func follow(
    _ label: String, replacing place: String = "", with other: String = "", in folder: TemporaryFolder
  )
    throws -> Ending
  {
    let blocks = try Readme().blocks(label)
    try #require(!blocks.isEmpty, "README.md has no \(label)")
    for path in [".build", ".build/release"] { try folder.make(path) }
    try folder.link("Sources", to: "\(projectFolder)/Sources")
    for program in [lvsctlPath, lvsctldPath] {
      try folder.link(".build/release/\(program.split(separator: "/").last ?? "")", to: program)
    }
    var script = blocks.map(\.text).joined()
    if !place.isEmpty {
      try #require(script.contains(place))
      script = script.replacing(place, with: other)
    }
    try folder.write("script", script)
    return try shell("cd '\(folder.path)' && PATH=$PWD/.build/release:$PATH MANPAGER=cat bash -e script")
  }

  @Test func `the manual pages are written and can be read`() throws {
    let folder = try TemporaryFolder()
    let ending = try follow("manual-pages", in: folder)
    #expect(ending.status == 0, "\(ending.output)")
    #expect(ending.output.contains("--confirm-within"), "\(ending.output)")
    let commands = try shell("'\(lvsctlPath)' --experimental-dump-help | jq -r '.command.subcommands[].commandName'")
    for command in commands.output.split(separator: "\n") where !command.hasPrefix("apart-") && command != "help" {
      let page = try shell("cd '\(folder.path)' && man --warnings -l man/lvsctl-\(command).8 2>&1 >/dev/null")
      #expect(page.status == 0 && page.output == "", "\(command): \(page.output)")
    }
    #expect(access(folder("man/lvsctld.8"), R_OK) == 0)
  }

  @Test func `the completion script is one that bash reads`() throws {
    let folder = try TemporaryFolder()
    let ending = try follow("completion", replacing: "/etc/bash_completion.d/", with: "", in: folder)
    #expect(ending.status == 0 && ending.output == "", "\(ending.output)")
    let completed = try shell("cd '\(folder.path)' && bash -c 'source ./lvsctl && complete -p lvsctl'")
    #expect(completed.status == 0, "\(completed.output)")
  }

  /// The plugin of swift-argument-parser builds everything once more in a way that cannot be linked.
  @Test func `nothing tells of the plugin for manual pages`() throws {
    let found = try shell(
      "cd '\(projectFolder)' && grep -rlE 'swift package (plugin|generate-manual)' README.md Examples")
    #expect(found.output == "")
  }
}
