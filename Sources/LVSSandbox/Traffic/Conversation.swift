/// What has been said over one connection of a responder.
struct Conversation {
  /// What a responder has to say.
  struct Words {
    private let name: [UInt8]
    private let page: [UInt8]

    init(name: String, pageText: String?) {
      self.name = Array(name.utf8)
      page = Array(([name] + [pageText].compactMap(\.self)).map { $0 + "\n" }.joined().utf8)
    }

    /// The answer to a text: the name in front of it.
    func answer(to text: ArraySlice<UInt8>) -> [UInt8] { name + [UInt8(ascii: " ")] + text }

    /// The answer to a request of HTTP (RFC 9112), with its body or without.
    func page(withBody: Bool) -> [UInt8] {
      let head = """
        HTTP/1.1 200 OK\r
        Content-Type: text/plain; charset=utf-8\r
        Content-Length: \(page.count)\r
        Connection: close\r
        \r

        """
      return Array(head.utf8) + (withBody ? page : [])
    }
  }

  /// What to say next.
  enum Reply {
    /// These bytes, and the client may go on.
    case more([UInt8])
    /// These bytes, and the connection ends.
    case end([UInt8])

    var bytes: [UInt8] {
      switch self {
      case .more(let bytes), .end(let bytes): bytes
      }
    }

    var isLast: Bool {
      switch self {
      case .more: false
      case .end: true
      }
    }
  }

  private static let newline = UInt8(ascii: "\n")
  private static let get = Array("GET ".utf8)
  private static let head = Array("HEAD ".utf8)
  /// Nobody says more without an end of a line, or of a request.
  private static let longest = 16 << 10

  /// What has come and is not answered yet.
  private var heard: [UInt8] = []
  /// Whether this is no HTTP; nil until enough has come.
  private var isLines: Bool?

  /// What to say to the bytes that have come.
  mutating func reply(to bytes: [UInt8], _ words: Words) -> Reply {
    heard += bytes
    if isLines == nil { isLines = beginsLines() }
    let reply: Reply
    switch isLines {
    case nil: reply = .more([])
    case true?: reply = .more(lines(words))
    case false?: reply = hasWholeRequest ? .end(words.page(withBody: heard.starts(with: Self.get))) : .more([])
    }
    return heard.count > Self.longest ? .end(reply.bytes) : reply
  }

  /// False for a request of HTTP, nil for what may become one.
  private func beginsLines() -> Bool? {
    for method in [Self.get, Self.head] {
      if heard.starts(with: method) { return false }
      if method.starts(with: heard) { return nil }
    }
    return true
  }

  private mutating func lines(_ words: Words) -> [UInt8] {
    var answers: [UInt8] = []
    while let end = heard.firstIndex(of: Self.newline) {
      answers += words.answer(to: heard[...end])
      heard.removeSubrange(...end)
    }
    return answers
  }

  /// Whether the empty line behind the fields has come; with or without carriage returns (RFC 9112, section 2.2).
  private var hasWholeRequest: Bool {
    let end = heard.filter { $0 != UInt8(ascii: "\r") }
    return end.indices.dropFirst().contains { end[$0] == Self.newline && end[$0 - 1] == Self.newline }
  }
}
