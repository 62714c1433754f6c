import LVSRehearsal
import Testing

/// A cluster as an operator sets it up and asks it with the classic tools, on the machines that a rehearsal has for its file.
///
/// Nothing here is lvsctl's own but the machines, and the servers that answer with their names.
struct ClusterByHand: Sendable, CustomTestStringConvertible {
  /// A service as its clients ask it.
  struct Service: Sendable {
    /// What a rehearsal calls it.
    var name: String
    var address: String
    var port: UInt16
    var shares = Shares.exact
    var transport = Transport.tcp
  }

  /// How much of what two rounds of requests say about real servers has to be the same.
  enum Shares: Sendable, Equatable {
    /// Each has the same number in both.
    case exact
    /// The numbers differ by a few: the scheduler looks at open connections, which end a little sooner or later.
    case similar
    /// The same ones answer: the scheduler goes by a hash, of ports too.
    case members
    /// The same ones answer, and each client has one of them.
    case persistent
  }

  /// The file's name, without its ending; or what the cluster is there for.
  var name: String
  /// The file's text.
  var file: String
  /// The active director.
  var director: String
  /// What is listened on at each real server.
  var servers: [String: [(Transport, UInt16)]]
  /// What is typed, in this order: a script of bash(1) for each machine.
  var commands: [(machine: String, script: String)]
  var services: [Service]
  /// About how many requests each service is sent.
  var requests = 40

  var testDescription: String { name }

  /// Runs `body` where the machines are set up.
  func with(_ body: (Network, [String: Responder]) throws -> Void) throws {
    try Network.with(try Topology([readCluster(file)]).machines) { network in
      var responders: [String: Responder] = [:]
      defer { for responder in responders.values { responder.stop() } }
      for (machine, ports) in servers {
        responders[machine] = try Responder(network[machine], name: machine, ports: ports)
      }
      for (machine, script) in commands { try network[machine].type(script) }
      for address in addresses {
        // The second segments of handshakes, as they leave the director towards clients.
        try network[director].succeed(
          "\(Self.tables(address)) -t mangle -A POSTROUTING -s \(address) \(Self.isAccepted)")
      }
      try body(network, responders)
    }
  }

  // MARK: What passes the director

  private static let isAccepted = "-p tcp --tcp-flags SYN,ACK SYN,ACK"

  private static func tables(_ address: String) -> String {
    address.contains(":") ? "ip6tables-legacy" : "iptables-legacy"
  }

  private var addresses: Set<String> { Set(services.map(\.address)) }

  /// How many replies to TCP connections the director has sent to clients.
  func repliesThroughDirector(_ network: Network) throws -> Int {
    try addresses.reduce(0) { sum, address in
      let list = try network[director].succeed("\(Self.tables(address)) -t mangle -nvxL POSTROUTING").lines
      let rule = try #require(list.first { $0.words.contains(address) }, "\(list)")
      return sum + (try #require(Int(rule.words[0]), "\(rule)"))
    }
  }
}

extension ClusterByHand.Service {
  /// Who answers so many requests, how often; "none" counts those without an answer.
  func answers(_ client: Namespace, count: Int) throws -> [String: Int] {
    switch (transport, shares) {
    case (.tcp, .persistent): try persistentAnswers(client)
    case (.tcp, .exact): try answersAbreast(client, count: count)
    case (.tcp, _): try client.answers(from: address, port: Int(port), count: count)
    default: try datagramAnswers(client, count: count)
    }
  }

  /// Six requests of each of two clients that have networks of their own, each of whom is to stay with one real server.
  private func persistentAnswers(_ client: Namespace) throws -> [String: Int] {
    try (1...2).reduce(into: [:]) { answers, number in
      let source = address.contains(":") ? "2001:2:0:\(number)::1" : "198.18.\(number).1"
      let pages = try pages(client, count: 6, "--interface", source)
      #expect(pages.count == 6 && Set(pages).count == 1, "\(name): client \(number) was answered by \(pages)")
      for page in pages { answers[page, default: 0] += 1 }
    }
  }

  /// Several requests at a time: whatever their order, the numbers are the same, and those without an answer wait together.
  private func answersAbreast(_ client: Namespace, count: Int) throws -> [String: Int] {
    let pages = try pages(client, count: count, "--parallel", "--parallel-immediate", "--parallel-max", "8")
    var answers = Dictionary(pages.map { ($0, 1) }, uniquingKeysWith: +)
    if pages.count < count { answers["none"] = count - pages.count }
    return answers
  }

  /// The pages that so many requests get, each on a connection of its own.
  private func pages(_ client: Namespace, count: Int, _ options: String...) throws -> [String] {
    let host = address.contains(":") ? "\\[\(address)\\]" : address
    let words = [
      "curl", "--silent", "--fail", "--max-time", "\(2 * Waiting.patience)", "--header", "Connection: close",
    ]
    return try client.run(words + options + ["http://\(host):\(port)/?[1-\(count)]"]).lines
  }

  /// Each datagram from a port of its own.
  private func datagramAnswers(_ client: Namespace, count: Int) throws -> [String: Int] {
    let script = """
      for number in {1..\(count)}; do
        exec 3<>/dev/udp/\(address)/\(port)
        echo who >&3
        timeout \(2 * Waiting.patience) head -n 1 <&3 || echo none
        exec 3>&-
      done
      """
    return try client.run("bash", "-c", script).lines.reduce(into: [:]) { $0[$1.words[0], default: 0] += 1 }
  }
}

extension Namespace {
  /// Runs a script of bash(1), which ends at the first command that fails.
  func type(_ script: String) throws {
    let outcome = try run("bash", "-e", "-c", script)
    if outcome.status == 0 { return }
    throw CommandFailure(description: "at \(machine): \(script): status \(outcome.status): \(outcome.errors)")
  }
}
