import LVSText
import Testing

/// The CI examples, whose shell lines are run as they are written, against a git repository with a change to review and a
/// forge that takes the comment.
struct PipelineTests {
  // MARK: Requests

  private static let forges = ["GitHub", "GitLab"]

  private func review(_ repository: ReviewedRepository, on forge: String) throws -> Ending {
    forge == "GitHub" ? try repository.runGitHub() : try repository.runGitLab()
  }

  @Test(arguments: forges)
  func `the request that first adds the file gets one comment, which each push edits`(forge: String) throws {
    try ReviewedRepository.with { repository in
      try repository.push()
      let first = try review(repository, on: forge)
      #expect(first.status == 0, "\(first.output)")
      let comment = try #require(try repository.comments().first)
      #expect(comment.body.hasPrefix("<!-- lvsctl diff cluster.conf -->\n## `cluster`: 29 changes on 4 of 4 nodes\n"))
      try repository.push("s/^  - { name: web2,.*//")
      let second = try review(repository, on: forge)
      #expect(second.status == 0, "\(second.output)")
      try repository.push("s/scheduler: rr/protocol: tpc/")
      let third = try review(repository, on: forge)
      #expect(third.status == 65, "\(third.output)")
      let comments = try repository.comments()
      #expect(comments.count == 1 && comments.first?.edits == 2, "\(comments)")
      #expect(
        comments.first?.body.contains("## cluster.conf cannot be applied\n\n    error[unknown-word]: ") == true,
        "\(comments)")
      // The package is built for the first run, and kept.
      #expect(try repository.lines("builds").count == 1)
      #expect(try repository.lines("apt").count { $0.contains("lvsctl_1_all.deb") } == 3)
    }
  }

  @Test(arguments: forges)
  func `a change is compared with the file that it began from, not with what came since`(forge: String) throws {
    try ReviewedRepository.with { repository in
      try repository.push(to: "main")
      try repository.restart()
      try repository.push("s/scheduler: rr/scheduler: wrr/")
      try repository.push("s/192.168.147.6,/192.168.147.66,/", to: "main")
      let ending = try review(repository, on: forge)
      #expect(ending.status == 0, "\(ending.output)")
      let body = try #require(try repository.comments().first?.body)
      #expect(body.contains("2 changes on 2 of 4 nodes") && body.contains("scheduler `rr` → `wrr`"), "\(body)")
    }
  }

  @Test(arguments: forges)
  func `a request without a change says so, and one that mends a faulty file is reviewed as the first`(forge: String)
    throws
  {
    try ReviewedRepository.with { repository in
      try repository.push(to: "main")
      try repository.restart()
      try repository.push("s/^#.*//")
      let same = try review(repository, on: forge)
      #expect(same.status == 0, "\(same.output)")
      #expect(try repository.comments().first?.body.contains("nothing to change on 4 nodes") == true)
      try repository.push("s/port: 80/prot: 80/", to: "main")
      try repository.restart()
      try repository.push()
      let mended = try review(repository, on: forge)
      #expect(mended.status == 0, "\(mended.output)")
      #expect(try repository.comments().first?.body.contains("29 changes on 4 of 4 nodes") == true)
    }
  }

  // MARK: Forks

  @Test func `a fork's request at GitHub has the plan in the summary, and is told why there is no comment`() throws {
    try ReviewedRepository.with { repository in
      try repository.push()
      let ending = try repository.runGitHub(token: "reader")
      #expect(ending.status == 0, "\(ending.output)")
      #expect(ending.output.contains("\n::notice::This run may not comment"), "\(ending.output)")
      #expect(try repository.summary.contains("29 changes on 4 of 4 nodes"))
      #expect(try repository.comments().isEmpty)
    }
  }

  @Test func `a fork's request at GitLab has the plan as an artifact, and is told why there is no note`() throws {
    try ReviewedRepository.with { repository in
      try repository.push()
      let ending = try repository.runGitLab(token: nil)
      #expect(ending.status == 0, "\(ending.output)")
      #expect(ending.output.contains("no note is written"), "\(ending.output)")
      let artifacts = try pipeline("gitlab-ci.yml")["lvs-review"]?["artifacts"]
      #expect(artifacts?["paths"]?.elements?.compactMap(\.text) == ["plan.md"])
      #expect(try repository.left("plan.md").contains("29 changes on 4 of 4 nodes"))
      #expect(try repository.comments().isEmpty)
    }
  }

  @Test(arguments: forges)
  func `a forge that refuses the comment otherwise fails the job`(forge: String) throws {
    try ReviewedRepository.with { repository in
      try repository.push()
      let ending = try forge == "GitHub" ? repository.runGitHub(token: "wrong") : repository.runGitLab(token: "wrong")
      #expect(ending.status == 22, "\(ending.output)")
      #expect(!ending.output.contains("wrong"), "a secret is told: \(ending.output)")
    }
  }

  // MARK: Faults at their lines

  /// An error whose message has what workflow commands read as their own, and a warning of a scheduler that nobody knows.
  private static let faults = #"s/scheduler: rr/"50%%3A,::x": 1, scheduler: tpc/"#

  private func faults(of repository: ReviewedRepository) throws -> [JSONText.Value] {
    let document = try #require(JSONText.value(of: Array(try repository.left("faults.json").utf8)))
    let faults = try #require(document["diagnostics"]?.elements)
    #expect(Set(faults.compactMap { $0["severity"]?.text }) == ["error", "warning"])
    return faults
  }

  @Test(arguments: ["cluster.conf", "a,b:c%.conf"])
  func `GitHub marks the faults where they are`(name: String) throws {
    try ReviewedRepository.with { repository in
      try repository.push(Self.faults)
      let ending = try repository.runGitHub(renaming: name)
      #expect(ending.status == 65, "\(ending.output)")
      let marks = ending.output.split(separator: "\n").compactMap { Annotation(String($0)) }
      let faults = try faults(of: repository)
      #expect(marks.count == faults.count, "\(ending.output)")
      for (mark, fault) in zip(marks, faults) {
        #expect(mark.command == fault["severity"]?.text && mark.properties["file"] == name)
        #expect(mark.properties["line"] == fault["line"]?.number(Int.self).map(String.init))
        #expect(mark.properties["col"] == fault["column"]?.number(Int.self).map(String.init))
        #expect(mark.properties["title"] == fault["code"]?.text)
        #expect(
          mark.message == [fault["message"]?.text, fault["help"]?.text].compactMap(\.self).joined(separator: "\n"))
      }
      #expect(marks.contains { $0.message.contains("50%%3A,::x") })
    }
  }

  @Test func `GitLab marks the faults where they are`() throws {
    try ReviewedRepository.with { repository in
      try repository.push(Self.faults)
      let ending = try repository.runGitLab()
      #expect(ending.status == 65, "\(ending.output)")
      let artifacts = try pipeline("gitlab-ci.yml")["lvs-review"]?["artifacts"]
      #expect(
        artifacts?["reports"]?["codequality"]?.text == "code-quality.json" && artifacts?["when"]?.text == "always")
      let report = JSONText.value(of: Array(try repository.left("code-quality.json").utf8))
      let marks = try #require(report?.elements)
      let faults = try faults(of: repository)
      #expect(marks.count == faults.count)
      #expect(Set(marks.compactMap { $0["fingerprint"]?.text }).count == marks.count)
      for (mark, fault) in zip(marks, faults) {
        #expect(mark["severity"]?.text == (fault["severity"]?.text == "error" ? "critical" : "minor"))
        #expect(mark["check_name"] == fault["code"])
        #expect(mark["location"]?["path"]?.text == "cluster.conf")
        #expect(mark["location"]?["lines"]?["begin"] == fault["line"])
        #expect(mark["description"]?.text?.hasPrefix(fault["message"]?.text ?? "?") == true)
      }
    }
  }

  // MARK: The rehearsal

  /// The example's file is sound; one whose web node is on another network is valid too, and does not work.
  @Test(arguments: [("", 0), ("s/192.168.147.3 /192.168.148.3 /", 1)])
  func `both pipelines rehearse the cluster`(change: String, status: Int) throws {
    let steps = try #require(try pipeline("github-actions.yml")["jobs"]?["review"]?["steps"]?.elements)
    let github = try #require(steps.last?["run"]?.text)
    let rehearsal = try pipeline("gitlab-ci.yml")["lvs-rehearsal"]
    #expect(rehearsal?["extends"]?.text == ".lvsctl")
    #expect(rehearsal?["script"]?.elements?.compactMap(\.text) == [github])
    try withTemporaryFolder { folder in
      let ending = try shell(
        """
        cd '\(folder)' && mkdir bin && ln -s '\(lvsctlPath)' bin/lvsctl && PATH='\(folder)/bin':$PATH &&
        sed '\(change)' '\(projectFolder)/Examples/cluster.conf' > cluster.conf
        \(github)
        """)
      #expect(ending.status == status, "\(ending.output)")
      let report = String(decoding: try contents(of: "\(folder)/rehearsal.xml"), as: UTF8.self)
      #expect(report.hasPrefix("<?xml ") && report.hasSuffix("</testsuites>\n"))
      #expect(report.contains("<failure ") == (status == 1))
    }
  }
}

/// A line of a log that GitHub's runner takes for a mark in a file, read as the runner reads it: properties end at commas,
/// the command at the first two colons behind it, and what stands for those characters is put back.
private struct Annotation {
  var command: String
  var properties: [String: String] = [:]
  var message: String

  init?(_ line: String) {
    guard line.hasPrefix("::"), let end = line.dropFirst(2).firstRange(of: "::") else { return nil }
    let head = line[line.index(line.startIndex, offsetBy: 2)..<end.lowerBound].split(separator: " ", maxSplits: 1)
    guard head.count == 2 else { return nil }
    command = String(head[0])
    message = Self.decoded(line[end.upperBound...])
    for property in head[1].split(separator: ",") {
      let parts = property.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      properties[String(parts[0])] = Self.decoded(parts[1].replacing("%3A", with: ":").replacing("%2C", with: ","))
    }
  }

  private static func decoded(_ text: some StringProtocol) -> String {
    String(text).replacing("%0D", with: "\r").replacing("%0A", with: "\n").replacing("%25", with: "%")
  }
}
