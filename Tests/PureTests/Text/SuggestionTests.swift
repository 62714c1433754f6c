import LVSText
import Testing

struct SuggestionTests {
  @Test(arguments: [
    ("schedular", "scheduler"), ("adress", "address"), ("prot", "port"), ("real-servers", "real_servers"),
    ("WLC", "wlc"), ("wbe1", "web1"), ("interfaec", "interface"), ("realservers", "real_servers"),
  ])
  func `a slip leads to the word that was meant`(slip: String, meant: String) {
    let words = ["scheduler", "address", "port", "real_servers", "wlc", "web1", "web2", "interface", "name"]
    #expect(Suggestion.nearest(to: slip, among: words) == meant)
  }

  @Test(arguments: ["", "colour", "x", String(repeating: "port", count: 100)])
  func `a word that resembles none leads nowhere`(word: String) {
    #expect(Suggestion.nearest(to: word, among: ["port", "vip", "scheduler"]) == nil)
  }

  @Test func `the nearest wins, and the first of equals`() {
    #expect(Suggestion.nearest(to: "web3", among: ["web12", "web1", "web2"]) == "web1")
    #expect(Suggestion.nearest(to: "sheduler", among: ["schedule", "scheduler"]) == "scheduler")
  }
}
