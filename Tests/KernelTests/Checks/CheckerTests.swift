import Glibc
import LVSChecks
import LVSModel
import LVSSystem
import Testing

extension RealKernel {
  /// Many questions at once, and what is left of them.
  @Suite struct CheckerTests {
    private static let web = "192.168.147.4"

    private func get(_ path: String) -> CheckMeans { .http(HTTPCheck(path: path)) }

    private func openDescriptors() throws -> Int { try names(in: "/proc/self/fd").count }

    @Test func `no more questions than the limit are asked at a time, and all have their turn`() throws {
      try Network.with(HTTPCheckTests.pair) { network in
        let server = try CheckedServer(network.web1)
        let asking = try Asking(at: network.director1, limit: 4)
        var questions: [CheckQuestion: Int] = [:]
        for number in 1...60 { questions[try .of(get("/counted?\(number)"), Self.web, 80)] = 1 }
        asking.checker.ask(questions)
        #expect(asking.checker.count == 60)
        var most = 0
        try asking.go("each was answered twice") {
          most = max(most, asking.checker.inFlight)
          return Dictionary(grouping: asking.results, by: \.question).values.count { $0.count >= 2 } == 60
        }
        #expect(most <= 4)
        #expect(asking.results.allSatisfy { $0.outcome == .passed })
        let together = server.log.compactMap { $0.hasPrefix("most ") ? Int($0.dropFirst(5)) : nil }
        #expect(!together.isEmpty && together.allSatisfy { $0 <= 4 })
        // One connection a question: nothing was asked that is not answered, but for the last few.
        let connections = server.log.count { $0 == "connection" }
        #expect((asking.results.count...asking.results.count + 4).contains(connections))
      }
    }

    @Test func `a question that is being asked is not asked again`() throws {
      try Network.with(HTTPCheckTests.pair) { network in
        let server = try CheckedServer(network.web1)
        let asking = try Asking(at: network.director1)
        asking.checker.ask([try .of(get("/hang"), Self.web, 80, timeout: 3): 1])
        try asking.go("it has ended") { !asking.results.isEmpty }
        #expect(server.log.count { $0 == "connection" } == 1)
      }
    }

    @Test func `what is not asked any more leaves nothing behind`() throws {
      try Network.with(HTTPCheckTests.pair) { network in
        let server = try CheckedServer(network.web1)
        let silent = try Datagrams(at: network.web1, address: Self.web, port: 53)
        let asking = try Asking(at: network.director1)
        #expect(try asking.outcome(of: .of(get("/ok"), Self.web, 80)) == .passed)
        let before = try openDescriptors()
        var questions: [CheckQuestion: Int] = [:]
        let path = "/run/tmp/given-up"
        for number in 1...10 {
          questions[try .of(get("/hang?\(number)"), Self.web, 80, timeout: 100)] = 1
          questions[try .of(get("/hang?\(number)"), "2001:db8:147::4", 80, timeout: 100)] = 1
          questions[try .of(.udp(UDPCheck(send: "\(number)")), Self.web, 53, timeout: 100)] = 1
          let text = "echo $$ >\(path)-\(number); exec sleep 1000"
          questions[try .of(.exec(["/bin/sh", "-c", text]), Self.web, 53, timeout: 100)] = 1
        }
        asking.checker.ask(questions)
        try asking.go("all are being asked") {
          asking.checker.inFlight == 40 && (1...10).allSatisfy { (try? read("\(path)-\($0)"))?.isEmpty == false }
        }
        let results = asking.results.count
        asking.checker.ask([:])
        #expect(asking.checker.inFlight == 0)
        #expect(asking.checker.count == 0)
        let processes = try (1...10).map { try read("\(path)-\($0)").trimmed }
        try asking.go("the programs have ended") { processes.allSatisfy { !isFolder("/proc/\($0)") } }
        #expect(try openDescriptors() == before)
        #expect(asking.results.count == results)
        withExtendedLifetime((server, silent)) {}
      }
    }

    @Test func `a checker that goes takes its programs along`() throws {
      let path = "/run/tmp/gone"
      let before = try openDescriptors()
      var asking: Asking? = try Asking(at: nil)
      let text = "echo $$ >\(path); exec sleep 1000"
      asking?.checker.ask([try .of(.exec(["/bin/sh", "-c", text]), Self.web, 53, timeout: 100): 1])
      try asking?.go("the program runs") { (try? read(path))?.isEmpty == false }
      asking = nil
      #expect(!isFolder("/proc/\(try read(path).trimmed)"))
      #expect(try openDescriptors() == before)
    }

    @Test func `a descriptor of the caller's ends the wait`() throws {
      let pipe = try Pipe(subject: "a pipe")
      let quiet = try Pipe(subject: "a pipe")
      defer { for end in [pipe.reading, pipe.writing, quiet.reading, quiet.writing] { close(end) } }
      let checker = try Checker(seed: 1)
      #expect(checker.wait(for: [quiet.reading, pipe.reading], until: Deadline(after: 0)).isEmpty)
      _ = writeAll([1], to: pipe.writing)
      let deadline = Deadline(after: 600)
      #expect(checker.wait(for: [quiet.reading, pipe.reading], until: deadline).readable == [pipe.reading])
      #expect(!deadline.isOver)
    }

    @Test func `a proxy of the environment is asked nothing`() throws {
      let variables = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
      for name in variables { setenv(name, "http://127.0.0.1:9", 1) }
      setenv("no_proxy", "", 1)
      defer { for name in variables + ["no_proxy"] { unsetenv(name) } }
      try Network.with(HTTPCheckTests.pair) { network in
        let server = try CheckedServer(network.web1)
        #expect(try network.director1.outcome(get("/ok"), Self.web, 80) == .passed)
        #expect(try network.director1.outcome(.tcp, Self.web, 80) == .passed)
        withExtendedLifetime(server) {}
      }
    }

    @Test func `a machine without descriptors has trouble, and its servers have not failed`() throws {
      try Network.with(HTTPCheckTests.pair) { network in
        let server = try CheckedServer(network.web1)
        let asking = try Asking(at: network.director1)
        #expect(try asking.outcome(of: .of(get("/ok"), Self.web, 80)) == .passed)
        let questions = [
          try CheckQuestion.of(get("/ok"), Self.web, 80), try .of(.tcp, Self.web, 80),
          try .of(.udp(UDPCheck(send: "ping")), Self.web, 53), try .of(.exec(["/bin/true"]), Self.web, 0),
        ]
        var taken: [Int32] = []
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        // Whoever enters a namespace needs some.
        try inNamespace(network.director1.name) {
          var low = limit
          low.rlim_cur = 64
          setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &low)
          while case let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC), descriptor >= 0 {
            taken.append(descriptor)
          }
          defer {
            for descriptor in taken { close(descriptor) }
            #expect(OpenFileLimit.raise(to: Int(limit.rlim_cur)) == Int(limit.rlim_cur))
          }
          asking.checker.ask(Dictionary(uniqueKeysWithValues: questions.map { ($0, 1) }))
          var subjects: Set<String> = []
          try eventually("every means has had trouble") {
            let wakening = asking.checker.wait(for: [], until: Deadline(after: 0.05))
            #expect(wakening.results.allSatisfy { $0.outcome == .passed })
            for trouble in wakening.troubles where trouble.errno == EMFILE { subjects.insert(trouble.subject) }
            return subjects.isSuperset(of: ["a socket", "a UDP socket"])
          }
        }
        try asking.go("all are answered") { Set(asking.results.map(\.question)).count == questions.count }
        #expect(asking.results.first { $0.question == questions[0] }?.outcome == .passed)
        withExtendedLifetime(server) {}
      }
    }
  }
}
