import LVSText
import Testing

struct MessageTests {
  private struct Described: CustomStringConvertible {
    var description: String { "<\(Hostile.text)>" }
  }

  private struct Fault: Error, MessageConvertible {
    var message: Message { "a fault in\n\(Hostile.text)" }
  }

  private enum PlainFault: Error {
    case of(String)
  }

  @Test func `what a literal holds stays, what is interpolated is shown`() {
    let name = "a\n\u{1b}[31mb\u{202e}"
    let message: Message = "\u{1b}[1mOne\n\(name)\u{1b}[0m\n"
    #expect(message.text == "\u{1b}[1mOne\na␊␛[31mb<U+202E>\u{1b}[0m\n")
    let lines: Message = """
      \(name) and \
      \(12), \(-3)
      """
    #expect(lines.text == "a␊␛[31mb<U+202E> and 12, -3")
  }

  @Test func `every kind of value is shown`() {
    let some: any Error = PlainFault.of(Hostile.text)
    let words: [Message] = [
      "\(Hostile.text)", "\(Hostile.text[...])", "\(Described())", "\(some)", "\(PlainFault.of(Hostile.text))",
      Message(foreign: Hostile.text), "\(word: Hostile.text)", "\([Hostile.text].joined(separator: "\n"))",
    ]
    for message in words { expectPrintable(message.text.replacing("\\012", with: "")) }
    for message in words { #expect(!message.text.contains("\n")) }
    #expect(Message(foreign: Hostile.repaired).text == "\u{fffd}␛\u{fffd}␊")
  }

  @Test func `a message in a message stays what it is, and so do an error's own words`() {
    let inner: Message = "one\n\("\n")"
    #expect(("\(inner), \(inner)" as Message).text == "one\n␊, one\n␊")
    #expect(("\(Fault())" as Message).text == ("a fault in\n\(Hostile.text)" as Message).text)
    let error: any Error = Fault()
    #expect(("\(error)" as Message).text == Fault().message.text)
    #expect("\(Fault())" == Fault().message.text)
    #expect([inner, "two"].joined(separator: "\n").text == "one\n␊\ntwo")
    #expect((inner + "\("\n")").text == "one\n␊␊")
  }

  @Test func `a command that is proposed runs nothing else`() {
    #expect(("ip link set \(word: "$(reboot)") up" as Message).text == "ip link set '$(reboot)' up")
    #expect(("ip link set \(word: "eth0") up" as Message).text == "ip link set eth0 up")
  }
}
