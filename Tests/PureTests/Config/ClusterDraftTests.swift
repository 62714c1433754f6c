import LVSText
import Testing

@testable import LVSConfig
@testable import LVSModel

/// A cluster file as it is written, and what is written of it.
struct ClusterDraftTests {
  private static let folders = [
    folder(of: #filePath) + "/../Valid", folder(of: #filePath) + "/../../../Examples",
  ]

  static let files = folders.flatMap { folder in fileNames(in: folder, endingIn: ".conf").map { "\(folder)/\($0).conf" }
  }

  @Test(arguments: files)
  func `what is written of a file is read as the same draft and the same cluster`(path: String) throws {
    let source = try contents(of: path)
    let draft = try #require(ClusterDraft.read(source))
    let text = draft.yaml
    #expect(ClusterDraft.read(Array(text.utf8)) == draft, "\(text)")
    #expect(ClusterFile.read(Array(text.utf8)).file == ClusterFile.read(source).file, "\(text)")
    #expect(ClusterDraft.read(Array(text.utf8))?.yaml == text)
  }

  @Test func `there are files of both folders`() {
    #expect(Self.files.count >= 12)
  }

  @Test func `a draft keeps what a cluster file has no more`() throws {
    let draft = try read(
      """
      directors: [{ name: d, address: 10.0.0.1, interface: eth0 }]
      real_servers: [{ name: w, address: 10.0.0.2 }]
      pools: { web: [w] }
      defaults: { scheduler: rr }
      services: [{ vip: 10.1.0.1-9, port: [80, 8000-8009], persistence: none, real_servers: [web] }]
      """)
    let service = try #require(draft.services?.value?.first)
    #expect(service.vips?.value?.map(\.word) == [.word("10.1.0.1-9")])
    #expect(service.ports?.value?.map { [$0.lower, $0.upper] } == [[80, 80], [8000, 8009]])
    #expect(service.scheduler == nil && service.persistence?.isNone == true)
    #expect(service.members?.value == [.named(Placed("web"))])
    #expect(draft.defaults?.value?.scheduler?.value?.name == "rr")
  }

  @Test func `a value is where it stands`() throws {
    let text = "directors: [{ name: d, address: 10.0.0.1, interface: eth0 }]\nservices: []\n"
    let name = try #require(try read(text).directors?.value?.first?.name)
    #expect(text.dropFirst(Int(name.place.start)).prefix(Int(name.place.end - name.place.start)) == "d")
  }

  @Test func `a file is written in the order of the keys, in one style`() throws {
    let draft = try read(
      """
      # Comments are gone.
      services:
        - real_servers: [web, { weight: 0, server: w1 }]
          port: 80
          vip: shop
        - { port: [80, "443"], vip: "2001:db8::1" }
        - { fwmark: 7-8, forward: tun, tunnel: { port: 6080, type: gue } }
      sysctls: { director: { net.ipv4.tcp_rmem: 4096  87380 6291456, net.ipv4.vs.conntrack: 1 } }
      pools: { web: ["w2"], spare: none }
      timeouts: { udp: 300 }
      ignore: [10.96.0.0/12, { fwmark: 9 }]
      real_servers:
        - { address: [10.0.0.2, "2001:db8::2"], name: w1 }
        - name: "3.5"
          address: [10.0.0.3, "2001:db8::3"]
        - { name: w2, address: [10.0.0.4, "2001:db8::4"], weight: "2" }
      directors: [{ name: d, address: [10.0.0.1], interface: eth0 }]
      vips: [{ label: "eth0:shop", address: 10.1.0.1, name: shop }]
      """)
    #expect(
      draft.yaml == """
        directors:
          - { name: d, address: 10.0.0.1, interface: eth0 }

        real_servers:
          - { name: w1, address: [10.0.0.2, "2001:db8::2"] }
          - { name: "3.5", address: [10.0.0.3, "2001:db8::3"] }
          - { name: w2, address: [10.0.0.4, "2001:db8::4"], weight: 2 }

        pools:
          web: [w2]
          spare: none

        ignore: [10.96.0.0/12, { fwmark: 9 }]

        services:
          - vip: shop
            port: 80
            real_servers:
              - web
              - { server: w1, weight: 0 }
          - { vip: "2001:db8::1", port: [80, 443] }
          - { fwmark: 7-8, forward: tun, tunnel: { type: gue, port: 6080 } }

        vips:
          - { name: shop, address: 10.1.0.1, label: "eth0:shop" }

        timeouts: { udp: 300 }

        sysctls:
          director: { net.ipv4.tcp_rmem: "4096 87380 6291456", net.ipv4.vs.conntrack: 1 }

        """)
  }

  @Test(arguments: [
    "null", "Null", "~", "true", "NO", "on", "3", "3.5", "1e3", "0x1f", "0o7", "1_000", "+1", ".5", ".inf",
    "2026-11-25",
    "-", "-a", "a: b", "a #b", "#a", "&a", "*a", "!a", "%a", "@a", "a,b", "[a]", "{a}", "? a", "a\"b", "a\\b", "a b",
    "é", "日本", "a:", "<<", "a\u{2028}b", "a\u{feff}", "",
  ])
  func `a text that would be something else is quoted, and read as itself`(text: String) {
    let quoted = YAMLWriter.quoted(text, isName: true)
    #expect(quoted.hasPrefix("\"") && quoted.hasSuffix("\""))
    #expect(scalars(of: "[\(quoted), { \(quoted): \(quoted) }]") == [text, text, text])
  }

  @Test(arguments: [
    "web1", "none", "web-1.example", "10.0.0.1", "10.0.0.0/8", "192.168.147.110-119", "8000-8009", "eth0", "a_b", "nul",
    "1.2.3", "12a", "net.ipv4.ip_forward",
  ])
  func `a text that is nothing else is not quoted`(text: String) {
    #expect(YAMLWriter.quoted(text, isName: true) == text)
    #expect(scalars(of: "[\(text), { \(text): \(text) }]") == [text, text, text])
  }

  @Test func `hundreds of random drafts are read as they were written`() {
    var random = RandomDrafts(seed: 7)
    for _ in 0..<300 {
      let draft = random.next()
      let text = draft.yaml
      let (read, faults) = ClusterDraft.read(SourceText(Array(text.utf8)))
      let errors = faults.diagnostics().filter { $0.severity == .error }
      #expect(errors.isEmpty, "\(errors.map(\.message)) in\n\(text)")
      guard read == draft else {
        Issue.record("read differently:\n\(text)\nand again:\n\(read?.yaml ?? "nothing")")
        return
      }
    }
  }

  private func read(_ text: String) throws -> ClusterDraft {
    try #require(ClusterDraft.read(Array(text.utf8)))
  }

  private func scalars(of text: String) -> [String] {
    let tape = YAMLReading(SourceText(Array(text.utf8))).tape
    return tape.nodes.indices.filter { tape[$0].kind == .scalar }.map { tape.string($0) }
  }
}
