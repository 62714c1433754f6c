import LVSConfig
import LVSModel
import LVSPlan
import Testing

/// What a file asks, each question once.
struct CheckListTests {
  private func list(_ file: ClusterFile, _ name: String = "director1") throws -> CheckList {
    file.checks(for: try file.node(named: name, role: .auto))
  }

  /// A file with one service more for each port, of the same real servers.
  private func services(_ ports: [UInt16], _ check: (UInt16) -> Check) -> ClusterFile {
    var file = Checked.file()
    let first = file.services[0]
    file.services = ServiceList(
      ports.map { port in
        var service = first
        service.id = .address(.tcp, Classic.vip, port: port)
        service.health.checks = [check(port)]
        for index in service.realServers.indices { service.realServers[index].id.port = port }
        return service
      })
    return file
  }

  @Test func `two hundred services on one server with the same question ask it once`() throws {
    let same = try list(services(Array(1...200)) { _ in Check(.tcp, port: 80) })
    #expect(same.questions.count == 2 && same.rules.count == 2)
    let own = try list(services(Array(1...200)) { _ in Check(.tcp) })
    #expect(own.questions.count == 400)
  }

  @Test func `a question is asked as often as the most eager wants it, and counted by each one's rule`() throws {
    let file = services([1, 2, 3]) { Check(.tcp, port: 80, interval: 10 - Int($0), fall: $0 == 3 ? 9 : 3) }
    let list = try list(file)
    let question = Checked.rule(Classic.web1).question
    #expect(list.questions[question]?.interval == 7)
    #expect(list.questions[question]?.rules.map(\.fall).sorted() == [3, 9])
  }

  @Test func `a program is asked for each service, since it is told of it`() throws {
    #expect(try list(services([1, 2]) { _ in Check(.exec(["/bin/true"]), port: 80) }).questions.count == 4)
  }

  @Test func `nobody asks of the fallback, of weights that are another's, or of services held by another program`()
    throws
  {
    #expect(try list(Checked.file(hasFallback: true)).questions.count == 2)
    #expect(try list(Checked.file(policy: .external)) == CheckList())
    var external = Checked.file()
    external.services[0].isHeldExternally = true
    #expect(try list(external) == CheckList())
    #expect(try list(Checked.file([])) == CheckList())
    #expect(try list(Checked.file([], own: [Check(.tcp)])).questions.count == 1)
    #expect(try list(Checked.file(own: [])).questions.count == 1)
  }

  @Test func `directors ask, and real servers do not`() throws {
    #expect(try list(Checked.file(), "director2") == list(Checked.file()))
    #expect(try list(Checked.file(), "web1") == CheckList())
  }

  @Test func `a check asks its own address and port, or the real server's`() throws {
    let there = try #require(IPAddress("10.0.0.4"))
    let file = Checked.file([Check(.tcp, address: there, port: 8080)])
    #expect(try list(file).questions.keys.map(\.description) == ["tcp 10.0.0.4:8080"])
  }
}
