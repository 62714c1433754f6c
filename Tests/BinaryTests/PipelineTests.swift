import LVSText
import Testing

/// The CI examples, whose shell lines are run as they are written, against a git repository with a change to review.
struct PipelineTests {
  private func document(_ name: String) throws -> JSONText.Value {
    let ending = try shell("'\(projectFolder)/Tests/schemas/yaml-to-json' '\(projectFolder)/Examples/\(name)'")
    #expect(ending.status == 0, "\(ending.output)")
    return try #require(JSONText.value(of: Array(ending.output.utf8)))
  }

  /// A repository on the branch `change`, whose cluster file differs from that of `main`, with `origin` to fetch from.
  private func repository(_ folder: String, change: String) throws {
    let ending = try shell(
      """
      set -e
      export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
      mkdir '\(folder)/bin' && ln -s '\(lvsctlPath)' '\(folder)/bin/lvsctl'
      git init -q -b main '\(folder)/origin' && cd '\(folder)/origin'
      cp '\(projectFolder)/Examples/cluster.conf' . && git add . && git commit -q -m main
      git clone -q '\(folder)/origin' '\(folder)/work' && cd '\(folder)/work' && git switch -q -c change
      sed '\(change)' cluster.conf > new && mv new cluster.conf
      """)
    #expect(ending.status == 0, "\(ending.output)")
  }

  private func runLines(_ lines: [String], in folder: String, _ environment: String) throws -> Ending {
    var script = "set -e -o pipefail\nexport PATH='\(folder)/bin':$PATH \(environment)\ncd '\(folder)/work'\n"
    for line in lines { script += line + "\n" }
    try write(script, to: "\(folder)/script")
    return try shell("bash '\(folder)/script'")
  }

  private static let changes = [
    ("s/scheduler: rr/scheduler: wrr/", 0, "scheduler `rr` → `wrr`"), ("s/^#.*//", 0, "nothing to change"),
    ("s/scheduler: rr/protocol: tpc/", 65, nil),
  ]

  @Test(arguments: 0..<3)
  func `the GitHub workflow checks, compares and writes the comment`(index: Int) throws {
    let (change, status, words) = Self.changes[index]
    let workflow = try document("github-actions.yml")
    #expect(workflow["on"]?["pull_request"]?["paths"]?.elements?.compactMap(\.text) == ["cluster.conf"])
    let steps = try #require(workflow["jobs"]?["review"]?["steps"]?.elements)
    let lines = steps.compactMap { $0["run"]?.text }
    #expect(lines.count == 4 && lines[2].hasPrefix("gh pr comment "))
    #expect(steps[2]["env"]?["TARGET"]?.text == "origin/${{ github.base_ref }}")
    try withTemporaryFolder { folder in
      try repository(folder, change: change)
      let ending = try runLines(
        Array(lines[..<2]), in: folder, "TARGET=origin/main GITHUB_STEP_SUMMARY='\(folder)/summary'")
      #expect(ending.status == status, "\(ending.output)")
      guard let words else { return }
      #expect(String(decoding: try contents(of: "\(folder)/work/plan.md"), as: UTF8.self).contains(words))
      #expect(try contents(of: "\(folder)/summary") == contents(of: "\(folder)/work/plan.md"))
    }
  }

  /// The example's file is sound; one whose web node is on another network is valid too, and does not work.
  @Test(arguments: [("s/scheduler: rr/scheduler: wrr/", 0), ("s/192.168.147.3 /192.168.148.3 /", 1)])
  func `both pipelines rehearse the cluster`(change: String, status: Int) throws {
    let steps = try #require(try document("github-actions.yml")["jobs"]?["review"]?["steps"]?.elements)
    let github = try #require(steps.compactMap { $0["run"]?.text }.first { $0.contains("rehearse") })
    let gitlab = try #require(try document("gitlab-ci.yml")["lvs-rehearsal"]?["script"]?.elements?.compactMap(\.text))
    #expect(gitlab == [github])
    try withTemporaryFolder { folder in
      try repository(folder, change: change)
      let ending = try runLines([github], in: folder, "")
      #expect(ending.status == status, "\(ending.output)")
      let report = String(decoding: try contents(of: "\(folder)/work/rehearsal.xml"), as: UTF8.self)
      #expect(report.hasPrefix("<?xml ") && report.hasSuffix("</testsuites>\n"))
      #expect(report.contains("<failure ") == (status == 1))
    }
  }

  @Test(arguments: 0..<3)
  func `the GitLab job checks, compares and posts the note`(index: Int) throws {
    let (change, status, words) = Self.changes[index]
    let lines = try #require(try document("gitlab-ci.yml")["lvs-review"]?["script"]?.elements?.compactMap(\.text))
    try withTemporaryFolder { folder in
      try repository(folder, change: change)
      // A curl that keeps what it is given, in place of the one that would post it.
      try writeProgram(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > '\(folder)/words'\ncat > '\(folder)/body'\n", to: "\(folder)/bin/curl")
      let ending = try runLines(
        lines, in: folder,
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main CI_API_V4_URL=https://git.example.org/api/v4 CI_PROJECT_ID=7 "
          + "CI_MERGE_REQUEST_IID=9 LVSCTL_REVIEW_TOKEN=secret")
      #expect(ending.status == status, "\(ending.output)")
      guard let words else { return }
      let posted = try contents(of: "\(folder)/body")
      let body = try #require(JSONText.value(of: posted)?["body"]?.text)
      #expect(body.contains(words))
      let request = String(decoding: try contents(of: "\(folder)/words"), as: UTF8.self)
      #expect(request.contains("https://git.example.org/api/v4/projects/7/merge_requests/9/notes\n"))
    }
  }
}
