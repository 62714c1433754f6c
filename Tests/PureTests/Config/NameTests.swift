import LVSConfig
import Testing

/// What names may hold, wherever a file gives one.
struct NameTests {
  /// A file with a name at one of the five places that take one, in double quotes of YAML with escapes.
  private static let places = ["the cluster", "a director", "a real server", "a pool", "a VIP"]

  private func reading(_ odd: String, at place: String) -> ClusterFileReading {
    func name(of what: String, _ other: String) -> String { what == place ? odd.escapedYAML : other }
    let text = """
      name: \(name(of: "the cluster", "c"))
      directors: [{ name: \(name(of: "a director", "d1")), address: 192.168.147.6, interface: ens33 }]
      real_servers: [{ name: \(name(of: "a real server", "web1")), address: 192.168.147.4 }]
      pools: { \(name(of: "a pool", "web")): [] }
      vips: [{ name: \(name(of: "a VIP", "public")), address: 192.168.147.100 }]
      services: []

      """
    return ClusterFile.read(Array(text.utf8))
  }

  @Test(arguments: [
    "node1", "WEB_1.example.org", "7", "_", ".web", "web-", "0x1f", "true", "..web",
    "a23456789-123456789-123456789-123456789-123456789-123456789-123",
  ])
  func `a plain word is a name without a word about it`(name: String) {
    for place in Self.places {
      let reading = reading(name, at: place)
      #expect(reading.file != nil && reading.diagnostics.isEmpty, "\(place): \(reading.diagnostics)")
      #expect(name.isPlainWord)
    }
  }

  @Test(arguments: [
    "web 1", "web;1", "a|b", "a&b", "a>b", "<(touch x)", "*", "we?", "[ab]", "{a,b}", "~", "!1", "#1", "100%", "a\\b",
    "a:b", "a=b", "a@b", "a,b", "a+b", "^a", "Zürich", "web\u{a0}1", "漢字", "🙂", "-", "-v", "--node", "e\u{301}",
    "a23456789-123456789-123456789-123456789-123456789-123456789-1234",
  ])
  func `another name is used, and told as a warning with its place`(name: String) {
    for place in Self.places {
      let reading = reading(name, at: place)
      #expect(reading.file != nil, "\(place): \(reading.diagnostics)")
      #expect(reading.diagnostics.map(\.code) == [.unusualName], "\(place): \(reading.diagnostics)")
      #expect(reading.diagnostics.allSatisfy { $0.severity == .warning && $0.range != nil && $0.help != nil })
      #expect(reading.diagnostics.first?.message.hasPrefix("The name of \(place) ") == true)
      #expect(!name.isPlainWord)
    }
  }

  @Test(arguments: [
    "$(touch x)", "$HOME", "a$", "`touch x`", "it's", "\"", "web\u{202e}1", "\u{2066}web", "web\u{200b}", "a\u{2028}b",
    "a\u{2029}b", "a\u{ad}b", "\u{feff}web", "\u{e000}", "a\u{061c}b", "", ".", "..", "a/b", " web", "web ", "a\tb",
    "a\nb",
    "192.168.147.9", "2001:db8::1",
    "a23456789-123456789-123456789-123456789-123456789-123456789-12345",
  ])
  func `a name that a shell or a terminal would act upon is an error`(name: String) {
    for place in Self.places {
      let reading = reading(name, at: place)
      #expect(reading.file == nil)
      #expect(reading.diagnostics.map(\.code) == [.badName], "\(place): \(reading.diagnostics)")
    }
  }

  @Test(arguments: ["a\u{0}b", "a\u{1b}[2Jb", "a\rb", "a\u{7f}b", "a\u{85}b", "a\u{9b}b"])
  func `a name with a control character is an error`(name: String) {
    for place in Self.places {
      let reading = reading(name, at: place)
      #expect(reading.file == nil)
      #expect(reading.diagnostics.map(\.code) == [.controlCharacter], "\(place): \(reading.diagnostics)")
    }
  }

  @Test(arguments: [150, 2500])
  func `many unusual names do not hide an error, and no error is told where there is none`(count: Int) {
    var text = "directors: [{ name: d1, address: 10.0.0.1, interface: eth0 }]\nservices: []\npools:\n"
    for index in 1...count { text += "  \"web \(index)\": []\n" }
    let good = ClusterFile.read(Array(text.utf8))
    #expect(good.file != nil && good.diagnostics.count == 101)
    #expect(good.diagnostics.allSatisfy { $0.severity == .warning })
    #expect(good.diagnostics.last?.message == "There are \(count - 100) more faults that are not shown.")
    let bad = ClusterFile.read(Array((text + "  \"web$\": []\n").utf8))
    #expect(bad.file == nil && bad.diagnostics.count == 101)
    #expect(bad.diagnostics.filter { $0.severity == .error }.map(\.code) == [.badName, .tooManyFaults])
  }
}
