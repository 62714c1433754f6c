import LVSText
import Testing

/// A length of time as it is written on a command line and in a cluster file.
struct WrittenTimeTests {
  @Test(arguments: [
    ("0", 0), ("90", 90), ("90s", 90), ("5m", 300), ("2h", 7200), ("2d", 172_800), ("1h30m", 5400), ("1m30s", 90),
    ("1d1h1m1s", 90_061), ("1h90m", 9000), ("1d5s", 86_405), ("05", 5), ("1h05m", 3900), ("0.5", 0.5), (".5", 0.5),
    ("1.5s", 1.5), ("1.5h", 5400), ("0.1m", 6), ("0.7m", 42), ("604800", 604_800),
  ])
  func `a time is seconds, or numbers with their units`(text: String, seconds: Double) throws {
    #expect(try #require(WrittenTime(text)).seconds == seconds)
  }

  @Test(arguments: [
    "", " ", "s", "m5", "5x", "5M", "5 m", "5min", "1h30", "30m1h", "5m5m", "1h1h", "1.5h30m", "1h1.5m", "1.5.5", "5.",
    "5.s", ".", "-5", "+5", "1e3", "0x10", "inf", "nan", "infinity", "1,5", "1:30", "5m ", "\u{0665}", "５m", "500ms",
    String(repeating: "9", count: 33),
  ])
  func `what could mean two things, or nothing, is no time`(text: String) {
    #expect(WrittenTime(text) == nil)
  }

  @Test(arguments: [
    ("5 min", "5m"), ("5minutes", "5m"), ("1 hour 30 minutes", "1h30m"), ("30 SEC", "30s"), ("1hr", "1h"),
    ("2 Days", "2d"),
    ("5M", "5m"), ("1 h 30 m", "1h30m"),
  ])
  func `words for units tell what was meant`(text: String, meant: String) {
    #expect(WrittenTime(text) == nil)
    #expect(WrittenTime.meant(by: text) == meant)
  }

  @Test(arguments: ["", "5x", "months", "5 months", "500ms", "soon", "1h30", "s", String(repeating: "5 ", count: 99)])
  func `where it is not clear nothing is guessed`(text: String) {
    #expect(WrittenTime.meant(by: text) == nil)
  }

  @Test func `a time for an option lies within its range, and the refusal says how it is written`() throws {
    #expect(try WrittenTime.seconds("1h30m", in: 0...604_800) == 5400)
    #expect(try WrittenTime.seconds("7d", in: 0...604_800) == 604_800)
    for (text, range, words) in [
      ("8d", 0...604_800, "write seconds such as 90, or a time such as 90s, 5m or 1h30m, from 0 to 7d."),
      ("0.05", 0.1...86_400, "write seconds such as 90, or a time such as 90s, 5m or 1h30m, from 0.1 to 1d."),
      (
        "5 min", 0...604_800,
        "write seconds such as 90, or a time such as 90s, 5m or 1h30m, from 0 to 7d. Did you mean 5m?"
      ),
    ] as [(String, ClosedRange<Double>, String)] {
      do {
        _ = try WrittenTime.seconds(text, in: range)
        Issue.record("\(text) was taken")
      } catch {
        #expect(error.message.text == words)
      }
    }
  }

  @Test(arguments: [
    (0, "0"), (1, "1"), (45, "45"), (60, "1m"), (90, "90"), (5400, "90m"), (7200, "2h"), (604_800, "7d"),
  ])
  func `seconds have a short text, which is read as the same`(seconds: Int, text: String) throws {
    #expect(WrittenTime.text(of: seconds) == text)
    #expect(try #require(WrittenTime(text)).seconds == Double(seconds))
  }
}
