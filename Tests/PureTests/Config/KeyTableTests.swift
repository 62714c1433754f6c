import LVSConfig
import LVSText
import Testing

/// The table of keys: what the reader takes, and `--explain`, the schema and the README tell of.
struct KeyTableTests {
  static let entries = KeyTable.entries

  // MARK: The table

  @Test func `each key has its place, once`() {
    let paths = Self.entries.map(\.path)
    #expect(Set(paths).count == paths.count)
    #expect(paths.contains("services.persistence.timeout") && paths.contains("name"))
    // Each map stands somewhere: `defaults` has the keys of a service, and the others are told.
    let told = Set(Self.entries.compactMap(\.key.meaning.value.map)).union([.top])
    #expect(told == Set(FileMap.allCases))
    let keys = FileMap.allCases.filter { $0 != .defaults && $0 != .fallback }.flatMap(\.keys)
    #expect(paths.count == keys.count)
  }

  @Test(arguments: entries.map(\.path))
  func `each key is told of in one whole sentence`(path: String) throws {
    let help = try #require(Self.entries.first { $0.path == path }).key.meaning.help
    #expect(help.last == "." && help.dropLast().firstRange(of: ". ") == nil)
    #expect(help.first?.isUppercase == true || help.first == "`", "\(help)")
    #expect(help.count { $0 == "`" }.isMultiple(of: 2))
  }

  // MARK: Table and reader

  /// A file in which a map of each kind stands, with another value for a key of one of them, or without it.
  private func file(_ word: String = "", _ value: String? = nil, in map: FileMap, vip: String = "10.1.0.1") -> [UInt8] {
    func body(_ here: FileMap, _ lines: [(String, String)] = []) -> String {
      let own = here == map ? value.map { [(word, $0)] } ?? [] : []
      return (lines.filter { here != map || $0.0 != word } + own).map { "\($0.0): \($0.1)" }.joined(separator: ", ")
    }
    let service = [("vip", vip), ("port", "80"), ("real_servers", "[{ \(body(.member, [("server", "web1")])) }]")]
    let health = [
      ("check", "{ \(body(.check, [("type", checkType(of: word))])) }"),
      ("fallback", "{ \(body(.fallback, [("server", "web2")])) }"),
    ]
    let tunnel = map == .tunnel && word == "port" ? [("type", "gue")] : []
    let top = [
      (
        "directors", "[{ \(body(.director, [("name", "director1"), ("address", "10.0.0.1"), ("interface", "eth0")])) }]"
      ),
      (
        "real_servers",
        "[{ \(body(.realServer, [("name", "web1"), ("address", "[10.0.0.2, \"2001:db8::2\"]")])) }, { name: web2, address: [10.0.0.3, \"2001:db8::3\"] }]"
      ),
      ("vips", "[{ \(body(.vip, [("address", vip)])) }]"), ("ignore", "[{ \(body(.ignored, [("fwmark", "9")])) }]"),
      ("vrrp", map == .vrrp ? "{ \(body(.vrrp, [("id", "51")])) }" : "none"), ("defaults", "{ \(body(.defaults)) }"),
      (
        "services",
        """
        [{ \(body(.service, service)) },
          { vip: \(vip), port: 83, \(health.map { "\($0): \($1)" }.joined(separator: ", ")) },
          { vip: \(vip), port: 81, persistence: { \(body(.persistence)) } },
          { vip: \(vip), port: 82, forward: tun, tunnel: { \(body(.tunnel, tunnel)) } }]
        """
      ),
      ("timeouts", "{ \(body(.timeouts)) }"), ("sync", "{ \(body(.sync, [("interface", "eth0")])) }"),
      ("sysctls", "{ \(body(.sysctls)) }"),
    ]
    return Array("{ \(body(.top, top)) }\n".utf8)
  }

  /// A type of check that has a key.
  private func checkType(of key: String) -> String {
    switch key {
    case "path", "host", "status", "body": "http"
    case "verify": "https"
    case "send", "expect": "udp"
    case "command": "exec"
    default: "tcp"
    }
  }

  private func codes(_ file: [UInt8]) -> [FindingCode] {
    ClusterFile.read(file).diagnostics.filter { $0.severity == .error }.map(\.code)
  }

  @Test(arguments: FileMap.allCases)
  func `the reader knows the keys of the table, and tells of them all`(map: FileMap) throws {
    #expect(codes(file(in: map)) == [])
    let diagnostics = ClusterFile.read(file("zzzzzzzzzzzz", "1", in: map)).diagnostics
    #expect(diagnostics.map(\.code) == [.unknownKey])
    // Two maps have the keys of another but for a few, which are refused by messages of their own.
    let all = map == .defaults ? FileMap.service : map == .fallback ? .member : map
    let words = all.keys.map { "`\($0.word)`" }
    #expect(diagnostics.first?.help == "The keys are \(words.joined(separator: ", ")).")
  }

  @Test(arguments: FileMap.allCases)
  func `a key that the table says is required is missed, and no other`(map: FileMap) {
    for key in map.keys {
      let isMissed = codes(file(key.word, nil, in: map)).contains(.missingKey)
      // A service needs these two, or a firewall mark.
      let isIdentity = map == .service && (key.word == "vip" || key.word == "port")
      // A check by a program needs it, and no other has it.
      let isCommand = map == .check && key.word == "command"
      #expect(isMissed == (key.isRequired || isIdentity || isCommand), "\(key.owner), \(key.word)")
    }
  }

  @Test(arguments: FileMap.allCases)
  func `a number is taken to the ends of the table's range and not beyond`(map: FileMap) throws {
    for key in map.keys {
      guard let range = key.meaning.value.range else { continue }
      let ends = [(range.lowerBound, true), (range.upperBound, true)]
      for (number, isTaken) in ends + [(range.lowerBound - 1, false), (range.upperBound + 1, false)] {
        // The table has the wider range where the two families differ.
        let isRefused = ["10.1.0.1", "\"2001:db8:1::1\""].allSatisfy { vip in
          codes(file(key.word, "\(number)", in: map, vip: vip))
            .contains { [.outOfRange, .badPort, .badNetmask, .badNumber].contains($0) }
        }
        #expect(isRefused != isTaken, "\(key.owner), \(key.word): \(number)")
      }
    }
  }

  @Test(arguments: FileMap.allCases)
  func `wherever the table says seconds a time with units means the same, and is whole`(map: FileMap) throws {
    for key in map.keys where key.meaning.value.isTime {
      let plain = try #require(ClusterFile.read(file(key.word, "30", in: map)).file)
      for text in ["30s", "\"30s\"", "0m30s"] {
        let reading = ClusterFile.read(file(key.word, text, in: map))
        #expect(reading.file == plain, "\(key.owner), \(key.word): \(text): \(reading.diagnostics.map(\.message))")
      }
      #expect(codes(file(key.word, "1m", in: map)) == (key.word == "interval" && map == .vrrp ? [.outOfRange] : []))
      #expect(codes(file(key.word, "99999d", in: map)) == [.outOfRange])
      for text in ["0.5", "1.5s", "5 min", "1h30", "1:30", "010", "30S", "-1s", "s"] {
        #expect(codes(file(key.word, text, in: map)) == [.badNumber], "\(key.owner), \(key.word): \(text)")
      }
    }
  }

  @Test func `the table says seconds for each key that is a time`() {
    let times = Self.entries.filter { $0.key.meaning.value.isTime }.map(\.path)
    #expect(
      times == [
        "vrrp.interval", "services.persistence", "services.persistence.timeout", "services.check.interval",
        "services.check.timeout", "timeouts.tcp", "timeouts.tcp_fin", "timeouts.udp",
      ])
  }

  @Test(arguments: FileMap.allCases)
  func `each word of the table is taken, and no other`(map: FileMap) {
    for key in map.keys {
      guard let words = key.meaning.value.words else { continue }
      for word in words + ["zz-zz-zz-zz"] {
        let value = key.meaning.value.isList ? "[\(word)]" : word
        let found = codes(file(key.word, value, in: map))
        let isUnknown = found.contains(.unknownWord) || found.contains(.unknownName)
        #expect(isUnknown != words.contains(word), "\(key.owner), \(key.word): \(word): \(found)")
      }
    }
  }

  @Test(arguments: FileMap.allCases)
  func `a default of the table, written out, changes nothing`(map: FileMap) throws {
    for key in map.keys {
      guard case .value(let word) = key.meaning.absence else { continue }
      // A family belongs to a firewall mark, and has a default for all of them.
      let reading = ClusterFile.read(file(key.word, word, in: key.word == "family" ? .defaults : map))
      let read = try #require(reading.file, "\(reading.diagnostics.map(\.message))")
      #expect(read == ClusterFile.read(file(key.word, nil, in: map)).file, "\(key.owner), \(key.word)")
    }
  }

  // MARK: Pages

  @Test(arguments: [
    ("persistence", "explain-persistence.txt"), ("real_servers.weight", "explain-real-server-weight.txt"),
    ("services.port", "explain-port.txt"), ("services.check", "explain-check.txt"),
    ("fallback", "explain-fallback.txt"), ("weight", "explain-weight.txt"),
  ])
  func `a key has a page`(path: String, golden: String) throws {
    try expectGolden(try #require(KeyTable.explanation(of: path)) + "\n", golden)
  }

  @Test(arguments: entries.map(\.path))
  func `a page fits a terminal, and tells what the table says`(path: String) throws {
    let page = try #require(KeyTable.explanation(of: path))
    #expect(page.hasPrefix("\(path): a key of "))
    #expect(page.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(page)")
    let key = try #require(Self.entries.first { $0.path == path }).key
    let words = { (text: String) in text.split { $0 == " " || $0 == "\n" } }
    #expect(words(page).contains(words(key.meaning.help)) && words(page).contains(words(key.meaning.value.text + ".")))
  }

  @Test func `a key that stands in several places is found by each of its paths`() throws {
    for path in ["services.fallback.port", "services.real_servers.check.type", "defaults.check.command"] {
      #expect(KeyTable.entries(named: path).map(\.path) == [path])
    }
    #expect(KeyTable.explanation(of: "services.fallback.check") == nil)
    for path in ["defaults.persistence.timeout", "services.real_servers.tunnel.type", "defaults.real_servers.weight"] {
      #expect(KeyTable.entries(named: path).map(\.path) == [path])
    }
    #expect(KeyTable.entries(named: "weight").map(\.path) == ["real_servers.weight", "services.real_servers.weight"])
    for path in ["", ".", "services.", ".weight", "defaults.vip", "services.vip.port", "eight", "WEIGHT"] {
      #expect(KeyTable.explanation(of: path) == nil, "\(path)")
    }
  }
}

extension KeyValue {
  /// The range of the number that the value is, alone or as one of several forms.
  fileprivate var range: ClosedRange<Int>? {
    switch self {
    case .integer(let range), .seconds(let range), .port(let range), .fwmarks(let range): range
    case .anyOf(let values): values.lazy.compactMap(\.range).first
    default: nil
    }
  }

  /// The words that the value is one of, or a list of.
  fileprivate var words: [String]? {
    switch self {
    case .word(let words): words
    case .list(let value, _, _): value.words
    case .anyOf(let values): values.lazy.compactMap(\.words).first
    default: nil
    }
  }

  /// Whether the value is a time, alone or as one of several forms.
  fileprivate var isTime: Bool {
    switch self {
    case .seconds: true
    case .anyOf(let values): values.contains(where: \.isTime)
    default: false
    }
  }

  fileprivate var isList: Bool { if case .list = self { true } else { false } }
}
