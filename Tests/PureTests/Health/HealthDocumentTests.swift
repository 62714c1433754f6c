import LVSModel
import LVSText
import Testing

/// The files that keep verdicts and drains.
struct HealthDocumentTests {
  private let place = MachinePlace(boot: "b", namespace: "cookie 1")

  private func bytes(_ document: HealthDocument, _ health: Health) -> [UInt8] {
    Array((JSONText.pretty(document.json(health, place)) + "\n").utf8)
  }

  @Test(arguments: 0..<300 as Range<UInt64>) func `what is written is read back`(seed: UInt64) throws {
    var random = RandomRules(seed: seed)
    let health = random.health()
    let verdicts = try HealthDocument.verdicts.read(bytes(.verdicts, health))
    #expect(verdicts.health == Health(verdicts: health.verdicts) && verdicts.place == place)
    let drains = try HealthDocument.drains.read(bytes(.drains, health))
    #expect(drains.health == Health(drains: health.drains) && drains.place == place)
    #expect(bytes(.verdicts, verdicts.health) == bytes(.verdicts, health))
    let snapshot = Snapshot(state: HostState(), health: health)
    #expect(try Snapshot(Array(JSONText.pretty(snapshot.json).utf8)) == snapshot)
  }

  @Test func `a snapshot of a node without health has no word of it`() throws {
    let text = JSONText.pretty(Snapshot(state: HostState()).json)
    #expect(!text.contains("drains") && !text.contains("verdicts"))
    #expect(try Snapshot(Array(text.utf8)).health == Health())
  }

  private static let whole = """
    {
      "format_version": 1, "boot": "b", "namespace": "n",
      "verdicts": [
        { "type": "http", "address": "10.0.0.1", "port": 80, "timeout": 3, "verify": false, "path": "/", "host": null,
          "status": [[200, 299]], "body": null, "fall": 3, "rise": 2, "state": "down", "since": 5, "reason": "http 503" }
      ]
    }
    """

  @Test func `a question is all that makes it another one`() throws {
    let health = try HealthDocument.verdicts.read(Array(Self.whole.utf8)).health
    let question = CheckQuestion(
      means: .http(HTTPCheck()), address: IPAddress(ipv4: 0x0a00_0001), port: 80, timeout: 3)
    #expect(
      health.verdicts == [CheckRule(question, fall: 3, rise: 2): Verdict(.down, since: 5, reason: "http 503")])
  }

  @Test(arguments: [
    ("\"format_version\": 1", "\"format_version\": 2"), ("\"boot\": \"b\", ", ""),
    ("\"namespace\": \"n\"", "\"namespace\": 3"),
    ("\"verdicts\"", "\"drains\""), ("\"port\": 80, ", ""), ("\"port\": 80", "\"port\": 65536"), ("10.0.0.1", "10.0.0"),
    ("\"timeout\": 3", "\"timeout\": 0"), ("\"fall\": 3", "\"fall\": 0"), ("\"rise\": 2", "\"rise\": -1"),
    ("\"verify\": false, ", ""), ("\"host\"", "\"ghost\""), ("[200, 299]", "[299, 200]"), ("[200, 299]", "[200]"),
    ("[200, 299]", "[200, 600]"), ("\"body\": null", "\"body\": 1"), ("\"down\"", "\"drained\""),
    ("\"since\": 5", "\"since\": 1.5"), ("\"type\": \"http\"", "\"type\": \"tcp\""),
    ("\"type\": \"http\"", "\"type\": \"ftp\""), ("\"path\": \"/\", ", ""), ("\"reason\"", "\"grounds\""),
    ("\"state\": \"down\"", "\"state\": \"down\", \"more\": 1"),
    ("\"namespace\": \"n\"", "\"namespace\": \"n\", \"more\": 1"),
  ])
  func `what is not as it was written is refused`(old: String, new: String) throws {
    let text = Self.whole.replacing(old, with: new)
    #expect(text != Self.whole)
    #expect(throws: MemoryFault.self) { try HealthDocument.verdicts.read(Array(text.utf8)) }
  }

  @Test func `a rule twice is refused, and so is a drain without a time`() throws {
    let start = try #require(Self.whole.firstRange(of: "{ \"type\"")).lowerBound
    let end = try #require(Self.whole.firstRange(of: "\"http 503\" }")).upperBound
    let entry = String(Self.whole[start..<end])
    let twice = Self.whole.replacing(entry, with: entry + ", " + entry)
    #expect(throws: MemoryFault.self) { try HealthDocument.verdicts.read(Array(twice.utf8)) }
    let drains = #"{ "format_version": 1, "boot": "b", "namespace": "n", "drains": { "web1": 5 } }"#
    #expect(try HealthDocument.drains.read(Array(drains.utf8)).health == Health(drains: ["web1": 5]))
    for (old, new) in [
      ("5", "null"), ("5", "\"5\""), ("{ \"web1\": 5 }", "[]"), ("\"web1\": 5", "\"web1\": 5, \"web1\": 6"),
    ] {
      let text = drains.replacing(old, with: new)
      #expect(text != drains)
      #expect(throws: MemoryFault.self) { try HealthDocument.drains.read(Array(text.utf8)) }
    }
  }
}
