import Glibc
import LVSModel
import Testing

@testable import LVSChecks

/// What is heard of an answer, and what is said of it.
struct CheckAnswerTests {
  /// Hears a body in pieces of a size; gives the answer, and how many bytes it took.
  private func heard(_ check: HTTPCheck, _ body: String, status: Int = 200, pieces size: Int) -> (HTTPAnswer, Int) {
    var answer = HTTPAnswer(to: check)
    let bytes = Array(body.utf8)
    var heard = 0
    for start in stride(from: 0, to: bytes.count, by: size) {
      let piece = Array(bytes[start..<min(start + size, bytes.count)])
      heard += piece.count
      if !piece.withUnsafeBytes({ answer.hear($0, status: status) }) { break }
    }
    return (answer, heard)
  }

  @Test(arguments: [
    ("needle", "a needle in a haystack", true), ("needle", "neednneedleedle", true), ("needle", "need le", false),
    ("aab", "aaaaaab", true), ("abab", "abaabab", true), ("ababac", "abababac", true), ("abcabd", "abcabcabd", true),
    ("ö", "schön", true), ("", "", true), ("x", "", false),
  ]) func `a text is found however the bytes are cut`(text: String, body: String, isThere: Bool) {
    for size in 1...10 {
      var search = TextSearch(for: text)
      let bytes = Array(body.utf8)
      for start in stride(from: 0, to: bytes.count, by: size) {
        _ = Array(bytes[start..<min(start + size, bytes.count)]).withUnsafeBytes { search.hear($0) }
      }
      #expect(search.isFound == isThere, "in pieces of \(size)")
    }
  }

  @Test func `no more is read than it takes to know`() {
    let long = String(repeating: "x", count: 200_000)
    #expect(heard(HTTPCheck(), long, pieces: 1000).1 == 1000)
    #expect(heard(HTTPCheck(body: "xx"), long, pieces: 1000).1 == 1000)
    #expect(heard(HTTPCheck(body: "y"), long, status: 503, pieces: 1000).1 == 1000)
    let (answer, count) = heard(HTTPCheck(body: "y"), long, pieces: 1000)
    #expect(count == 66_000)
    #expect(answer.isEnough)
    #expect(answer.outcome(status: 200) == .failed("body without \"y\""))
  }

  @Test func `what lies beyond the first 64 KiB of a body does not count`() {
    let before = String(repeating: "x", count: HTTPAnswer.longest - 1)
    #expect(heard(HTTPCheck(body: "y"), before + "y", pieces: 1000).0.outcome(status: 200) == .passed)
    #expect(
      heard(HTTPCheck(body: "yz"), before + "yz", pieces: 1000).0.outcome(status: 200)
        == .failed("body without \"yz\""))
  }

  @Test func `headers without end are refused`() {
    var answer = HTTPAnswer(to: HTTPCheck())
    let (all, more) = (answer.hear(header: HTTPAnswer.longest), answer.hear(header: 1))
    #expect(all && !more)
    #expect(answer.isEnough)
    #expect(answer.outcome(status: 200) == .failed("http headers of more than 64 KiB"))
  }

  @Test(arguments: [
    ([200...299], 200, true), ([200...299], 299, true), ([200...299], 300, false), ([200...299], 199, false),
    ([200...200, 401...401], 401, true), ([200...200, 401...401], 403, false),
  ]) func `a status passes where the check names it`(statuses: [ClosedRange<Int>], status: Int, passes: Bool) {
    let outcome = HTTPAnswer(to: HTTPCheck(status: statuses)).outcome(status: status)
    #expect(outcome == (passes ? .passed : .failed("http \(status)")))
  }

  @Test(arguments: [
    ("/", "/"), ("/a?b=c&d=%20", "/a?b=c&d=%20"), ("/a b", "/a%20b"), ("/ö", "/%C3%B6"),
    ("/\r\nHost: other", "/%0D%0AHost:%20other"), ("/\u{7f}", "/%7F"), ("/../x", "/../x"),
  ]) func `a path is asked for as it is, and ends no line`(path: String, target: String) {
    #expect(RequestTarget.of(path) == target)
  }

  @Test func `a reason is short, and safe on a terminal`() {
    #expect(Reason.bounded("\u{1b}[2Jgone\n") == "␛[2Jgone␊")
    let long = String(repeating: "e\u{301}", count: 1000)
    #expect(Reason.bounded(long).unicodeScalars.count == Reason.longest)
    #expect(Reason.bounded(String(repeating: "\u{200b}", count: 1000)).unicodeScalars.count == Reason.longest)
    #expect(Reason.bodyWithout("o\u{7}k") == "body without \"o␇k\"")
    #expect(Reason.refusal(ECONNREFUSED) == "connection refused")
    #expect(Reason.refusal(EPROTO) == "Protocol error (errno 71)")
    #expect(Reason.timeout(3, awaiting: "connect") == "timeout after 3 s (connect)")
  }

  @Test func `a program's environment says whom it asks about`() {
    let server = RealServerID(address: IPAddress(ipv4: 0xc000_0204), port: 80)
    func environment(_ service: ServiceID) -> [String] {
      let subject = CheckSubject(name: "web1", service: service, realServer: server)
      return ProgramEnvironment.of(CheckQuestion(Check(.exec(["/x"]), port: 81), of: subject)).sorted()
    }
    let vip = IPAddress(ipv6High: 0x2001_0db8_0000_0000, low: 1)
    #expect(
      environment(.address(.sctp, vip, port: 0)) == [
        "LC_ALL=C", "LVS_NAME=web1", "LVS_PORT=0", "LVS_PROTOCOL=sctp", "LVS_SERVER=192.0.2.4", "LVS_SERVER_PORT=81",
        "LVS_VIP=2001:db8::1", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
      ])
    #expect(
      environment(.fwmark(9, .ipv6)) == [
        "LC_ALL=C", "LVS_FWMARK=9", "LVS_NAME=web1", "LVS_PORT=0", "LVS_PROTOCOL=fwmark", "LVS_SERVER=192.0.2.4",
        "LVS_SERVER_PORT=81", "LVS_VIP=", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
      ])
  }
}
