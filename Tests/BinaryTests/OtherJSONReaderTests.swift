import Testing

@testable import LVSText

/// JSON as lvsctl reads and writes it, held against a reader that it has no part in: Python's.
struct OtherJSONReaderTests {
  private func value(_ text: String) -> JSONText.Value? { JSONText.value(of: Array(text.utf8)) }

  private func fault(_ bytes: [UInt8]) -> JSONFault? {
    do throws(JSONFault) {
      try JSONPart.read(bytes) { (_) throws(JSONFault) in }
      return nil
    } catch {
      return error
    }
  }

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
}
