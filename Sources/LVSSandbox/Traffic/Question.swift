/// What a client asks a service.
public struct Question: Sendable, Hashable {
  /// The protocol.
  public var transport: Transport
  /// The address that is asked, IPv4 or IPv6.
  public var address: String
  /// The port that is asked.
  public var port: UInt16
  /// The addresses of the client that it asks from, in turn; empty: the kernel's choice.
  public var sources: [String]

  /// Creates a question.
  public init(_ transport: Transport, to address: String, port: UInt16, sources: [String] = []) {
    self.transport = transport
    self.address = address
    self.port = port
    self.sources = sources
  }
}

/// What came of asking once.
public enum Answer: Sendable, Hashable {
  /// A machine answered, of this name.
  case from(String)
  /// It was refused, with this errno; ENODATA where a connection ended without an answer.
  case refused(Int32)
  /// Nobody answered in time.
  case silent

  /// The name of the machine that answered; nil where none did.
  public var name: String? {
    guard case .from(let name) = self else { return nil }
    return name
  }
}

extension Sequence<Answer> {
  /// How many answers each machine gave.
  public var byName: [String: Int] {
    reduce(into: [:]) { counts, answer in
      if let name = answer.name { counts[name, default: 0] += 1 }
    }
  }
}
