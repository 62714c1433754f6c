import Glibc
import Testing

@testable import LVSModel
@testable import LVSText

struct JSONReadingTests {
  private func value(_ text: String) -> JSONText.Value? { JSONText.value(of: Array(text.utf8)) }

  private func fault(_ bytes: [UInt8]) -> JSONFault? {
    do throws(JSONFault) {
      try JSONPart.read(bytes) { (_) throws(JSONFault) in }
      return nil
    } catch {
      return error
    }
  }

  private func number(_ text: String) throws -> Int128? {
    try JSONPart.read(Array(text.utf8)) { (part) throws(JSONFault) in part.wholeNumber }
  }

  @Test(arguments: [
    ("null", JSONText.Value.null), (" true ", .boolean(true)), ("\t[\n]\r\n", .array([])), ("{ }", .object([])),
    ("-0", .integer(0)), ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
    ("18446744073709551615", .unsigned(.max)), ("1.0", .integer(1)), ("1e3", .integer(1000)), (#""""#, .string("")),
    (#""\"\\\/\b\f\n\r\t\u00e9\ud83d\udc27x""#, .string("\"\\/\u{8}\u{c}\n\r\té🐧x")), (#""ü🐧""#, .string("ü🐧")),
    (#""\u001b\u0000\u2028""#, .string("\u{1b}\0\u{2028}")), ("\u{feff}[]", .array([])),
    (
      #"{"a":[1,{"b":null}],"c":"2"}"#,
      .object([("a", .array([.integer(1), .object([("b", .null)])])), ("c", .string("2"))])
    ),
    ("{\"\\u0061bc\":1}", .object([("abc", .integer(1))])),
  ])
  func `a JSON text is read`(text: String, expected: JSONText.Value) {
    #expect(value(text) == expected)
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("-0.0e5", 0), ("0e999999999999999999", 0), ("1.0", 1), ("1e2", 100), ("1E+2", 100),
      ("100e-2", 1), ("1.50e1", 15), ("0.0001e4", 1), ("10.0", 10), ("1000", 1000), ("1010", 1010), ("-1.2e1", -12),
      ("18446744073709551615", 18_446_744_073_709_551_615), ("1\(String(repeating: "0", count: 90))e-90", 1),
    ] as [(String, Int128)])
  func `a whole number is one however it is written`(text: String, expected: Int128) throws {
    #expect(try number(text) == expected)
  }

  @Test(arguments: [
    "1.5", "0.1", "1e-1", "1.01e1", "1e400", "1e999999999999999999999", "1e-999999999999999999999",
    "18446744073709551616",
    "123456789012345678901234567890123456789012345678901234567890", "\"1\"", "true", "null", "[1]",
  ])
  func `what is not whole, or beyond 64 bits, is no whole number, and no text either`(text: String) throws {
    #expect(try number(text) == nil)
    #expect(try JSONPart.read(Array(text.utf8)) { (part) throws(JSONFault) in part.isString } == text.hasPrefix("\""))
  }

  @Test(arguments: [
    ("[1,\n 2 3]", "a comma or `]`", "`3`", 2, 4), ("{\n\"a\" 1}", "a colon", "`1`", 2, 5),
    ("{\"a\":1,}", "a name in quotation marks", "`}`", 1, 8), ("[", "a value", "the end of the text", 1, 2),
    ("\"a\nb\"", "no control character in a string", "the control character U+000A", 1, 3),
    ("\"\\ud83d\"", "the two halves of a surrogate pair", "`\\`", 1, 2), ("1 2", "the end of the text", "`2`", 1, 3),
    ("[01]", "no further digit after a 0 in front", "`1`", 1, 3), ("[\u{202e}]", "a value", "`<U+202E>`", 1, 2),
  ])
  func `what is no JSON is told with its place, what was expected and what was found`(
    text: String, expected: String, found: String, line: Int, column: Int
  ) throws {
    let fault = try #require(self.fault(Array(text.utf8)))
    #expect(fault.reason == .syntax(expected: expected, found: found))
    #expect(
      fault.described("the snapshot", in: Array(text.utf8)).position == SourcePosition(line: line, column: column))
  }

  @Test(arguments: [
    #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, #"[{"b":{"é":1,"\u00e9":1}}]"#,
    "{\((0..<40).map { "\"k\($0 % 39)\": 1" }.joined(separator: ","))}",
  ])
  func `a name that is in a map twice is refused`(text: String) {
    #expect(fault(Array(text.utf8))?.reason == .repeatedName)
    #expect(value(text) == nil)
  }

  @Test func `a map of many names is looked through without comparing each with each`() {
    let names = (0..<20_000).map { "\"\(String($0 &* 2_654_435_761, radix: 36))\":0" }
    #expect(fault(Array("{\(names.joined(separator: ","))}".utf8)) == nil)
  }

  @Test func `a text that is nested deeper than any of lvsctl's is refused`() {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    #expect(value(nested(32)) != nil)
    #expect(value(nested(33)) == nil)
    #expect(value(String(repeating: "[", count: 1_000_000)) == nil)
  }

  @Test func `what a terminal would not show as itself is written by its number`() {
    let text = "a\u{202e}b\u{2028}\u{7f}\u{9b}\u{e001}\u{e0041}é日"
    #expect(JSONText.compact(.string(text)) == #""a\u202eb\u2028\u007f\u009b\ue001\udb40\udc41é日""#)
    #expect(value(JSONText.compact(.string(text))) == .string(text))
  }
}

struct KernelTextTests {
  @Test(
    arguments: [
      (Array("eth0".utf8), "eth0"), (Array("wän0".utf8), "wän0"), ([0x61, 0xff], "a\u{fffd}ff"),
      ([0x61, 0xfe], "a\u{fffd}fe"),
      ([0xef, 0xbf, 0xbd], "\u{fffd}ef\u{fffd}bf\u{fffd}bd"), ([0xc3], "\u{fffd}c3"), ([], ""),
    ] as [([UInt8], String)])
  func `two names of the kernel are two texts, and lead back to their bytes`(bytes: [UInt8], text: String) {
    #expect(KernelText.text(bytes) == text)
    #expect(KernelText.bytes(text) == bytes)
  }

  @Test(arguments: 0..<200)
  func `any bytes come back from their text`(seed: UInt64) {
    var numbers = SeededNumbers(seed: seed + 1)
    let bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    #expect(KernelText.bytes(KernelText.text(bytes)) == bytes)
  }

  @Test func `fifteen bytes that are no UTF-8 are the name of an interface, and sixteen are none`() {
    #expect(InterfaceName.isValid(KernelText.text([UInt8](repeating: 0xff, count: 15))))
    #expect(!InterfaceName.isValid(KernelText.text([UInt8](repeating: 0xff, count: 16))))
    #expect(InterfaceName.isValid("x\u{1b}[31m"))
    for name in ["", ".", "..", "a/b", "a:b", "a b", "a\tb", "a\u{0}", "\u{e0}"] {
      #expect(!InterfaceName.isValid(name))
    }
  }
}
