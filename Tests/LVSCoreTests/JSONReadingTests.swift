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

  // MARK: Against another reader

  /// Documents in the categories of JSONTestSuite, as bytes in hexadecimal where they are no text. Python is laxer in
  /// three things: it takes NaN, lone surrogates, and names twice; and it refuses a mark in front of bytes it decoded.
  private static let valid = [
    "[]", "{}", "[[]   ]", "[\"\"]", "[null, 1, \"1\", {}]", "[1]\n", " [1]", "[1,null,null,null,2]", "[2] ", "0", "-0",
    "[123e65]", "[0e+1]", "[0e1]", "[ 4]", "[-0.000000000000000000000000000000000000000000000000000000000000001]",
    "[20e1]", "[-0]", "[-123]", "[-1]", "[1E22]", "[1E-2]", "[1E+2]", "[123e45]", "[123.456e78]", "[1e-2]", "[123]",
    "[123.456789]", "{\"asd\":\"sdf\", \"dfg\":\"fgh\"}", "{\"\":0}", "{\"foo\\u0000bar\": 42}",
    "[\"\\u0060\\u012a\\u12AB\"]",
    "[\"\\uD801\\udc37\"]", "[\"\\ud83d\\ude39\\ud83d\\udc8d\"]", "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]", "[\"\\\\u0000\"]",
    "[\"\\\\a\"]", "[\"\\u0012\"]", "[\"\\uFFFF\"]", "[\"asd\"]", "[\"\\uDBFF\\uDFFF\"]", "[\"\u{10ffff}\"]",
    "[\"\u{2028}\"]",
    "[\"\u{7f}\"]", "[\"⍂㈴⍂\"]", "[\"\\u005C\"]", "[\"\\u0022\"]", "\"\"", "true", "false", "null", "\"asd\"",
    "\t[\r\n] ",
  ]

  private static let invalid = [
    "", " ", "[1 true]", "[\"\": 1]", "[\"\"],", "[,1]", "[1,,2]", "[\"x\",,]", "[\"x\"]]", "[\"\",]", "[\"x\"", "[x",
    "[3[4]]",
    "[1:2]", "[,]", "[-]", "[   , \"\"]", "[1,", "[\"a\",\n4\n,", "[*]", "[1,\n1\n,1", "[fals]", "[nul]", "[tru]",
    "[++1234]",
    "[+1]", "[+Inf]", "[-01]", "[-1.0.]", "[-2.]", "[.-1]", "[.2e-3]", "[0.1.2]", "[0.3e+]", "[0.3e]", "[0.e1]",
    "[0E+]",
    "[0e]", "[1.0e+]", "[1.0e-]", "[1 000.0]", "[1eE2]", "[2.e+3]", "[2.e-3]", "[9.e+]", "[1+2]", "[0x1]", "[0x42]",
    "[-foo]", "[- 1]", "[-012]", "[-.123]", "[1.]", "[.123]", "[1a]", "[1.2a-3]", "[012]", "[\"x\", truth]",
    "{[: \"x\"}\n",
    "{\"x\", null}", "{\"x\"::\"b\"}", "{\"a\":\"a\" 123}", "{key: 'value'}", "{\"a\" b}", "{:\"b\"}", "{\"a\" \"b\"}",
    "{\"a\":",
    "{\"a\"", "{1:1}", "{null:null,null:null}", "{\"id\":0,,,,,}", "{'a':0}", "{\"id\":0,}", "{\"a\":\"b\"}/**/",
    "{\"a\":\"b\"}#",
    "{\"a\":\"b\",,\"c\":\"d\"}", "{a: \"b\"}", "{\"a\":\"a", "{\"a\": true} \"x\"", "[\"\\uD800\\\"]",
    "[\"\\uD800\\u\"]",
    "[\"\\uD800\\u1\"]", "[\"\\uD800\\u1x\"]", "[é]", "[\"\\x00\"]", "[\"\\\\\\\"]", "[\"\\\t\"]", "[\"\\🌀\"]",
    "[\"\\\"]",
    "[\"\\u00A\"]", "[\"\\u\"]", "[\"\\a\"]", "[\"\\uqqqq\"]", "[\\u0020\"asd\"]", "[\\n]", "\"", "['single quote']",
    "abc", "[\"\\",
    "[\"new\nline\"]", "[\"\t\"]", "<.>", "[<null>]", "[1]x", "[1]]", "[\"asd]", "aå", "[True]", "1]", "{\"x\": true,",
    "[][]", "]",
    "{]", "[\"a", "[\\]", "{}}", "{\"\":", "[\"a\",", "{\"a", "{'", "[}", "\\u000a", "[\u{c}]", "[\u{2060}]", "\u{a0}1",
    "// a\n1",
    "[1, # a\n2]", "&a 1", "--- 1", "\u{feff}", "[1]\u{feff}",
  ]

  /// What no bytes of a text are.
  private static let invalidBytes: [[UInt8]] = [
    [0x22, 0xff, 0x22], [0x22, 0xc0, 0xaf, 0x22], [0x22, 0xe0, 0x80, 0xaf, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22],
    [0x22, 0xf4, 0xbf, 0xbf, 0xbf, 0x22], [0x22, 0xf0, 0x80, 0x80, 0x80, 0x22], [0x22, 0xe5, 0x22], [0x22, 0x81, 0x22],
    [0x22, 0x5c, 0x6e, 0xc0, 0x80, 0x22], [0x5b, 0xff, 0x5d], [0xfe, 0xff, 0x00, 0x31], [0x22, 0xf0, 0x9f, 0x90],
    [0x22, 0x61, 0x00, 0x22], [0x00, 0x31], [0x31, 0x00], [0xe2, 0x80],
  ]

  @Test func `another reader of JSON takes and refuses the same documents`() throws {
    let lax = ["[NaN]", "[Infinity]", "[-Infinity]", "[\"\\ud83d\"]", "[\"\\uDc27a\"]", "{\"a\":0,\"a\":0}"]
    for text in lax { #expect(fault(Array(text.utf8)) != nil, "\(text)") }
    for text in Self.valid { #expect(fault(Array(text.utf8)) == nil, "\(text)") }
    for text in Self.invalid { #expect(fault(Array(text.utf8)) != nil, "\(text)") }
    for bytes in Self.invalidBytes { #expect(fault(bytes) != nil, "\(bytes)") }
    let documents = (Self.valid + Self.invalid).map { Array($0.utf8) } + Self.invalidBytes
    let lines = documents.map { $0.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
    try withTemporaryFolder { folder in
      try write(lines.joined(separator: "\n") + "\n", to: "\(folder)/documents")
      try write(
        """
        import json, sys
        for line in open(sys.argv[1]):
            try:
                json.loads(bytes.fromhex(line).decode("utf-8"))
                print("yes")
            except ValueError:
                print("no")

        """, to: "\(folder)/reader")
      let ending = try shell("python3 '\(folder)/reader' '\(folder)/documents'")
      let verdicts = ending.output.split(separator: "\n").map { $0 == "yes" }
      #expect(verdicts == documents.map { fault($0) == nil }, "\(ending.output)")
    }
  }

  @Test(arguments: 0..<10)
  func `another reader of JSON finds in what lvsctl writes what was meant`(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed + 1)
    let texts = (0..<50).map { _ in HostileTexts.text(using: &numbers) }
    let document = JSONText.compact(.array(texts.map(JSONText.Value.string)))
    #expect(value(document) == .array(texts.map(JSONText.Value.string)))
    let isSafe = document.unicodeScalars.allSatisfy { Printable.shows($0) }
    #expect(isSafe)
    try withTemporaryFolder { folder in
      try write(document, to: "\(folder)/document")
      let ending = try shell(
        "python3 -c 'import json,sys; [print(t.encode().hex()) for t in json.load(open(sys.argv[1]))]' '\(folder)/document'"
      )
      let hexadecimal = texts.map { $0.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }
      #expect(ending.output == hexadecimal.map { $0 + "\n" }.joined())
    }
  }

  @Test func `what a terminal would not show as itself is written by its number`() {
    let text = "a\u{202e}b\u{2028}\u{7f}\u{9b}\u{e001}\u{e0041}é日"
    #expect(JSONText.compact(.string(text)) == #""a\u202eb\u2028\u007f\u009b\ue001\udb40\udc41é日""#)
    #expect(value(JSONText.compact(.string(text))) == .string(text))
  }
}

/// Texts that nobody would choose, and that a kernel or another machine can have nevertheless.
enum HostileTexts {
  private static let pieces = [
    "\"", "\\", "/", "\u{0}", "\u{1b}[31m", "\n", "\r", "\t", "\u{7f}", "\u{85}", "\u{9b}", "\u{2028}", "\u{2029}",
    "\u{202e}",
    "\u{feff}", "\u{fffd}", "\u{e000}", "\u{10ffff}", "🐧", "é", "e\u{301}", "日本", "a", " ", "\\u0041", "`", "$(x)",
    "null", "{",
  ]

  /// A text of a few of them.
  static func text(using numbers: inout SeededNumbers) -> String {
    (0..<Int.random(in: 0...6, using: &numbers)).map { _ in pieces.randomElement(using: &numbers) ?? "" }.joined()
  }

  /// A name of a network interface as the kernel may have it: any bytes but `/`, `:` and blanks.
  static func interface(using numbers: inout SeededNumbers) -> String {
    let bytes = (0..<Int.random(in: 1...15, using: &numbers)).map { _ in UInt8.random(in: 0x21...0xff, using: &numbers)
    }
    return "a" + KernelText.text(bytes.dropLast().filter { $0 != 0x2f && $0 != 0x3a && $0 != 0xa0 })
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
