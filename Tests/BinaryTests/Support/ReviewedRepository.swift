import LVSText
import Testing

/// A repository with a request to review, on a forge of its own, beside a repository that lvsctl's package is built from.
///
/// What would change this machine has a stand-in: `apt-get` unpacks packages into a folder that is on PATH, and the build of
/// the package takes the lvsctl that is there.
struct ReviewedRepository {
  private let folder: String
  private let forge: (process: String, port: String)

  /// Makes it, gives it to `body` and takes it away again.
  static func with(_ body: (ReviewedRepository) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let repository = try ReviewedRepository(folder)
      defer { _ = try? shell("kill \(repository.forge.process)") }
      try body(repository)
    }
  }

  private init(_ folder: String) throws {
    self.folder = folder
    try writeProgram(
      """
      #!/bin/sh
      [ "$1" = update ] || [ "$1" = install ] || exit 100
      echo "$*" >> '\(folder)/apt'
      for word; do
        case $word in
          /*.deb | ./*.deb) dpkg-deb --extract "$word" '\(folder)/root' || exit 100 ;;
          *.deb) exit 100 ;;
        esac
      done

      """, to: "\(folder)/apt-get")
    try writeProgram(
      """
      #!/bin/sh
      set -e
      [ "$1" = --output ]
      tree=$(mktemp -d '\(folder)/tree.XXXXXX')
      chmod 755 "$tree"
      mkdir -p "$tree/DEBIAN" "$tree/usr/bin"
      printf '%s\\n' 'Package: lvsctl' 'Version: 1' 'Architecture: all' 'Maintainer: a <a@example.org>' 'Description: x' \\
        > "$tree/DEBIAN/control"
      ln -s '\(lvsctlPath)' "$tree/usr/bin/lvsctl"
      dpkg-deb --build "$tree" "$2/lvsctl_1_all.deb"
      echo built >> '\(folder)/builds'

      """, to: "\(folder)/build-deb")
    let ending = try shell(
      """
      set -e
      cd '\(folder)'
      mkdir bin cache
      mv apt-get bin
      touch apt builds
      mkdir -p sources/Sources/Packaging
      mv build-deb sources/Sources/Packaging
      \(Self.identity)
      git init -q -b main sources
      git -C sources add .
      git -C sources commit -q -m all
      git init -q -b main origin
      cd origin
      echo hosts > README
      git add .
      git commit -q -m first
      git switch -q -c change
      """)
    #expect(ending.status == 0, "\(ending.output)")
    let started = try shell(
      """
      cd '\(folder)' && mkfifo port && { '\(projectFolder)/Tests/pipelines/forge' port </dev/null >forge.log 2>&1 & } &&
      echo $! && timeout \(60 * patience) cat port
      """)
    let words = started.output.split(separator: "\n").map(String.init)
    guard started.status == 0, words.count == 2 else { throw TestFailure(description: started.output) }
    forge = (words[0], words[1])
  }

  private static let identity = """
    export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
    """

  // MARK: Commits

  /// Commits the classic cluster's file, edited by sed(1), to a branch: `change` is the one that is reviewed.
  func push(_ edit: String = "", to branch: String = "change") throws {
    let ending = try shell(
      """
      set -e
      \(Self.identity)
      cd '\(folder)/origin'
      git switch -q '\(branch)'
      sed '\(edit)' '\(projectFolder)/Examples/cluster.conf' > cluster.conf
      git add .
      git commit -q --allow-empty -m change
      """)
    #expect(ending.status == 0, "\(ending.output)")
  }

  /// Begins the request anew, from what `main` has now.
  func restart() throws { try shell("git -C '\(folder)/origin' switch -q -C change main").expectSilent() }

  // MARK: What became of it

  /// The lines in a file of the folder.
  func lines(_ name: String) throws -> [String] {
    String(decoding: try contents(of: "\(folder)/\(name)"), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The text of a file that a job left in its checkout.
  func left(_ name: String) throws -> String {
    String(decoding: try contents(of: "\(folder)/work/\(name)"), as: UTF8.self)
  }

  /// The text of a job's summary.
  var summary: String { get throws { String(decoding: try contents(of: "\(folder)/summary"), as: UTF8.self) } }

  /// What lvsctl commented, each with the number of its edits; the comments of others are as they were.
  func comments() throws -> [(body: String, edits: Int)] {
    let ending = try shell("curl --silent --show-error --fail --noproxy '*' http://127.0.0.1:\(forge.port)/state")
    let all = try #require(JSONText.value(of: Array(ending.output.utf8))?.elements)
    #expect(all.prefix(105).allSatisfy { $0["edits"]?.number() == 0 })
    return try all.dropFirst(105).map { (try #require($0["body"]?.text), try #require($0["edits"]?.number())) }
  }

  // MARK: Jobs

  private func run(_ lines: String, _ environment: [String: String], in place: String = "work") throws -> Ending {
    var script = "export PATH='\(folder)/bin':'\(folder)/root/usr/bin':$PATH HOME='\(folder)/home' no_proxy='*'\n"
    for (name, value) in environment { script += "export \(name)='\(value)'\n" }
    try write("\(script)cd '\(folder)/\(place)'\n\(lines)", to: "\(folder)/script")
    return try shell("bash --noprofile --norc -eo pipefail '\(folder)/script'")
  }

  private var source: [String: String] {
    ["LVSCTL_REPOSITORY": "file://\(folder)/sources", "LVSCTL_REF": "main"]
  }

  /// Runs the steps of GitHub's job, but for the rehearsal, as its runner does: on what GitHub made of the request and its
  /// branch, with a cache, and with the conditions of the steps.
  func runGitHub(token: String = "writer", renaming name: String = "cluster.conf") throws -> Ending {
    let checkout = try run(
      """
      \(Self.identity)
      rm -rf work home root summary
      mkdir work home root
      git -C origin switch -q --detach main
      git -C origin merge -q --no-ff -m merge change
      git -C origin update-ref refs/pull/9/merge HEAD
      git -C origin switch -q change
      cd work
      git init -q
      git fetch -q --depth 2 'file://\(folder)/origin' refs/pull/9/merge
      git checkout -q FETCH_HEAD
      [ '\(name)' = cluster.conf ] || mv cluster.conf '\(name)'
      """, [:], in: "")
    #expect(checkout.status == 0, "\(checkout.output)")
    let workflow = try pipeline("github-actions.yml")
    #expect(Set(workflow["env"]?.members?.map(\.0) ?? []) == Set(source.keys))
    let job = try #require(workflow["jobs"]?["review"])
    #expect(job["defaults"]?["run"]?["shell"]?.text == "bash")
    var environment = source
    for (name, value) in [
      ("WORKSPACE", "work"), ("OUTPUT", "output"), ("STEP_SUMMARY", "summary"),
    ] { environment["GITHUB_\(name)"] = "\(folder)/\(value)" }
    environment["GITHUB_API_URL"] = "http://127.0.0.1:\(forge.port)"
    environment["GITHUB_REPOSITORY"] = "a/b"
    var ending = Ending(status: 0, output: "")
    var isCached = false
    var checkFailed = false
    let cache = "\(folder)/cache/package"
    for step in try #require(job["steps"]?.elements).dropLast() {
      switch (step["uses"]?.text, step["if"]?.text) {
      case ("actions/checkout@v4", nil):
        #expect(step["with"]?["fetch-depth"]?.text == "2")
        continue
      case ("actions/cache@v4", nil):
        #expect(step["with"]?["path"]?.text == "~/lvsctl-package")
        isCached = try shell("cp -R '\(cache)' '\(folder)/home/lvsctl-package' 2>/dev/null").status == 0
        continue
      case (nil, "steps.package.outputs.cache-hit != 'true'") where isCached || ending.status != 0: continue
      case (nil, "steps.package.outputs.cache-hit != 'true'"): break
      case (nil, "success() || steps.check.outcome == 'failure'") where ending.status != 0 && !checkFailed: continue
      case (nil, "success() || steps.check.outcome == 'failure'"): break
      case (nil, nil) where ending.status != 0: continue
      case (nil, nil): break
      default: throw TestFailure(description: "a step that is not known: \(step)")
      }
      var given = environment
      for (name, value) in step["env"]?.members ?? [] {
        given[name] =
          switch value.text {
          case "${{ github.token }}": token
          case "${{ github.event.pull_request.number }}": "9"
          default: throw TestFailure(description: "\(name) is not known: \(value)")
          }
      }
      let lines = try #require(step["run"]?.text).replacing("validate cluster.conf", with: "validate '\(name)'")
      let end = try run(lines, given)
      ending.output += end.output
      if end.status != 0 {
        if ending.status == 0 { ending.status = end.status }
        if step["id"]?.text == "check" { checkFailed = true }
      }
    }
    if ending.status == 0 { try? shell("cp -R '\(folder)/home/lvsctl-package' '\(cache)'").expectSilent() }
    return ending
  }

  /// Runs the lines of GitLab's job as its runner does: on the branch of the request, with a cache. Without a token it is
  /// the pipeline of a fork.
  func runGitLab(token: String? = "writer") throws -> Ending {
    let checkout = try run(
      """
      rm -rf work home root
      mkdir work home root
      cd work
      git init -q
      git fetch -q 'file://\(folder)/origin' change
      git checkout -q FETCH_HEAD
      if [ -d ../cache/.lvsctl ]; then cp -R ../cache/.lvsctl .; fi
      git -C ../origin merge-base main change > ../base
      """, [:], in: "")
    #expect(checkout.status == 0, "\(checkout.output)")
    let jobs = try pipeline("gitlab-ci.yml")
    #expect(Set(jobs["variables"]?.members?.map(\.0) ?? []) == Set(source.keys))
    let job = try #require(jobs["lvs-review"])
    let common = try #require(jobs[".lvsctl"])
    #expect(job["extends"]?.text == ".lvsctl" && common["variables"]?["GIT_DEPTH"]?.text == "0")
    #expect(common["cache"]?["paths"]?.elements?.compactMap(\.text) == [".lvsctl/package"])
    var environment = source
    environment["CI_API_V4_URL"] = "http://127.0.0.1:\(forge.port)/api/v4"
    // A fork's own number is another one.
    environment["CI_PROJECT_ID"] = token == nil ? "8" : "7"
    environment["CI_MERGE_REQUEST_PROJECT_ID"] = "7"
    environment["CI_MERGE_REQUEST_IID"] = "9"
    environment["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = try lines("base").first
    environment["LVSCTL_REVIEW_TOKEN"] = token
    let lines = [common["before_script"], job["script"]].compactMap { $0?.elements?.compactMap(\.text) }.joined()
    let ending = try run(lines.joined(separator: "\n"), environment)
    try shell("cd '\(folder)/work' && mkdir -p ../cache/.lvsctl && cp -R .lvsctl/package ../cache/.lvsctl")
      .expectSilent()
    return ending
  }
}

/// A pipeline of the examples, as YAML has it.
func pipeline(_ name: String) throws -> JSONText.Value {
  let ending = try shell("'\(projectFolder)/Tests/schemas/yaml-to-json' '\(projectFolder)/Examples/\(name)'")
  #expect(ending.status == 0, "\(ending.output)")
  return try #require(JSONText.value(of: Array(ending.output.utf8)))
}

extension Ending {
  fileprivate func expectSilent() { #expect(status == 0 && output == "", "\(output)") }
}
