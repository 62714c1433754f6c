import LVSSystem

/// A client that asks a UDP service from one port, a question after the other, and the servers that answer.
public final class Flow {
  /// How many questions nobody answered.
  public private(set) var lost = 0
  private let client: Datagrams
  private let servers: [(machine: String, socket: Datagrams)]
  private let address: String
  private let port: UInt16
  private var count = 0

  /// A client in the classic network, and a server at each web node, at the address that the client asks.
  public init(_ network: Network, to address: String, port: UInt16 = 53) throws {
    servers = try [network.web1, network.web2].map {
      ($0.machine, try Datagrams(at: $0, address: address, port: port))
    }
    client = try Datagrams(at: network.client, address: "192.168.147.50")
    self.address = address
    self.port = port
  }

  /// The same servers, asked from another port.
  public init(like other: Flow, _ network: Network) throws {
    servers = other.servers
    client = try Datagrams(at: network.client, address: "192.168.147.50")
    address = other.address
    port = other.port
  }

  /// Asks once; the machine that answered, nil where nobody did.
  @discardableResult
  public func ask() throws -> String? {
    count += 1
    try client.send("\(count)", to: address, port: port)
    let deadline = Deadline(after: 2)
    while !deadline.isOver {
      for server in servers { _ = try server.socket.answer(server.machine) }
      // The answer to a question that was given up is no answer to this one.
      if let answer = client.received().first(where: { $0.words.last == "\(count)" }) { return answer.words[0] }
      Monotonic.pause(0.001)
    }
    lost += 1
    return nil
  }
}

extension Network {
  /// A flow that the director has sent to a web node.
  public func flow(to address: String, answeredBy machine: String) throws -> Flow {
    var flow = try Flow(self, to: address)
    try eventually("\(machine) answers") {
      if try flow.ask() == machine { return true }
      flow = try Flow(like: flow, self)
      return false
    }
    return flow
  }
}
