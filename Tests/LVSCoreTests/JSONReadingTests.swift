import LVSCore
import Testing

struct JSONReadingTests {
  private func value(_ text: String) -> JSONText.Value? { JSONText.value(of: Array(text.utf8)) }

  @Test(arguments: [
    ("null", JSONText.Value.null), (" true ", .boolean(true)), ("\t[\n]\r\n", .array([])), ("{ }", .object([])),
    ("-0", .integer(0)), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("18446744073709551615", .unsigned(.max)), ("1.5", .string("1.5")), ("1e3", .string("1e3")),
    ("123456789012345678901", .string("123456789012345678901")), (#""""#, .string("")),
    (#""\"\\\/\b\f\n\r\t\u00e9\ud83d\udc27x""#, .string("\"\\/\u{8}\u{c}\n\r\té🐧x")), (#""ü🐧""#, .string("ü🐧")),
    (
      #"{"a":[1,{"b":null}],"a":"2"}"#,
      .object([("a", .array([.integer(1), .object([("b", .null)])])), ("a", .string("2"))])
    ),
  ])
  func `a JSON text is read`(text: String, expected: JSONText.Value) {
    #expect(value(text) == expected)
  }

  @Test(arguments: [
    "", " ", "nul", "nulls", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:2}", "{'a':1}",
    "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x1", "NaN", "\"", "\"\n\"", #""\x""#, #""\u12""#, #""\u12g4""#,
    #""\ud83d""#, #""\ud83dx""#, #""\ud83d\u0041""#, #""\udc27""#, #""\"#, "1 2", "[1]]", "# a\n1", "[1, # a\n2]",
    "&a 1", "--- 1",
  ])
  func `what is no JSON text is none`(text: String) {
    #expect(value(text) == nil)
  }

  @Test func `bytes that are no UTF-8 are no text`() {
    #expect(JSONText.value(of: [0x22, 0xff, 0x22]) == nil)
    #expect(JSONText.value(of: [0x22, 0x5c, 0x6e, 0xc0, 0x80, 0x22]) == nil)
  }

  @Test func `a text that is nested deeper than any of lvsctl's is refused`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(value(nested(32)) != nil)
    #expect(value(nested(33)) == nil)
    #expect(value(String(repeating: "[", count: 1_000_000)) == nil)
  }
}
