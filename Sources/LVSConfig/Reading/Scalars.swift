import LVSModel
import LVSText

/// The values of single keys: text, numbers, booleans, words, interfaces and addresses.
///
/// Everything is read from the scalar's text, never by YAML's implicit types, so quotes change nothing.
extension ClusterFileReader {
  /// The scalar behind a node, or nil where there is none, which is reported.
  ///
  /// `mayHaveControls`: whether it may be one of those that hold control characters, as what is sent does.
  func scalar(_ node: Int, _ what: @autoclosure () -> String, mayHaveControls: Bool = false) -> Int? {
    let resolved = tape.resolved(node)
    switch tape[resolved].kind {
    case .faulty: return nil
    case .scalar:
      guard mayHaveControls || !tape[resolved].hasControls else {
        reportControls(node)
        return nil
      }
      guard !tape.isNull(resolved) else {
        report(.missingValue, at: node, "\(what().capitalizedFirst) has no value here.") {
          "Write a value after the colon."
        }
        return nil
      }
      return resolved
    case .sequence, .mapping, .alias:
      let form = tape[resolved].kind == .sequence ? "a list" : "a map"
      report(.wrongForm, at: node, "\(what().capitalizedFirst) is a single value, and this is \(form).") {
        "Write one value, without brackets, braces or dashes."
      }
      return nil
    }
  }

  /// Reports a text with control characters where there can be none.
  func reportControls(_ node: Int) {
    report(.controlCharacter, at: node, "This text holds control characters, which only `send` and `expect` may have.")
    {
      "Leave them out; names and values are plain text."
    }
  }

  /// The map behind a node, or nil where there is none, which is reported.
  func mapping(_ node: Int, _ what: @autoclosure () -> String, help: () -> Message? = { nil }) -> Int? {
    collection(node, .mapping, what(), help: help)
  }

  /// The list behind a node, or nil where there is none, which is reported.
  func sequence(_ node: Int, _ what: @autoclosure () -> String, help: () -> Message? = { nil }) -> Int? {
    collection(node, .sequence, what(), help: help)
  }

  private func collection(
    _ node: Int, _ kind: YAMLTape.Kind, _ what: @autoclosure () -> String, help: () -> Message?
  ) -> Int? {
    let resolved = tape.resolved(node)
    let found = tape[resolved].kind
    if found == kind { return resolved }
    guard found != .faulty else { return nil }
    let wanted = kind == .sequence ? "a list" : "a map"
    if found == .scalar, tape.isNull(resolved) {
      report(.missingValue, at: node, "\(what().capitalizedFirst) has no value here; it is \(wanted).", help: help)
      return nil
    }
    let form = found == .sequence ? "a list" : found == .mapping ? "a map" : "plain text"
    report(.wrongForm, at: node, "\(what().capitalizedFirst) is \(wanted), and this is \(form).", help: help)
    return nil
  }

  // MARK: Numbers

  /// A whole number in a range, in plain decimal digits.
  func integer(_ node: Int, _ key: String, in range: ClosedRange<Int>, help: () -> Message? = { nil }) -> Int? {
    guard let scalar = scalar(node, "`\(key)`") else { return nil }
    switch DecimalNumber(tape.bytes(scalar)) {
    case .value(let value) where range.contains(value):
      return value
    case .value, .tooLarge, .negative:
      report(
        .outOfRange, at: node,
        "`\(key)` is \(tape.string(scalar).shortened), and goes from \(range.lowerBound) to \(range.upperBound)."
      ) {
        help() ?? "Write a number from \(range.lowerBound) to \(range.upperBound)."
      }
    case .malformed(let meant):
      let text = tape.string(scalar)
      report(.badNumber, at: node, "`\(key)` is a whole number, and \(text.quoted) is not.") {
        if let meant { return "Write `\(meant)` if that is meant; a number is plain decimal digits." }
        return "Write plain decimal digits, from \(range.lowerBound) to \(range.upperBound)."
      }
    }
    return nil
  }

  /// A time in whole seconds in a range: their number, or with units as in `30s`, `5m` and `1h30m`.
  func seconds(_ node: Int, _ key: String, in range: ClosedRange<Int>, help: () -> Message? = { nil }) -> Int? {
    guard let scalar = scalar(node, "`\(key)`") else { return nil }
    guard case .malformed(meant: nil) = DecimalNumber(tape.bytes(scalar)) else {
      return integer(node, key, in: range, help: help)
    }
    let text = tape.string(scalar)
    guard let time = WrittenTime(text), !time.hasFraction else {
      report(.badNumber, at: node, "`\(key)` is a time in whole seconds, and \(text.quoted) is not.") {
        let meant = WrittenTime.meant(by: text).flatMap { WrittenTime($0) }?.wholeText
        if let meant { return "Write `\(meant)` if that is meant." }
        return "Write seconds such as `30`, or a time such as `30s`, `5m` or `1h30m`."
      }
      return nil
    }
    guard (Double(range.lowerBound)...Double(range.upperBound)).contains(time.seconds) else {
      report(
        .outOfRange, at: node,
        "`\(key)` is \(text.shortened), and goes from \(range.lowerBound) to \(range.upperBound) seconds."
      ) {
        help() ?? "Write a time from \(range.lowerBound) to \(range.upperBound) seconds."
      }
      return nil
    }
    return Int(time.seconds)
  }

  /// `true` or `false`, and none of YAML's other words for them.
  func boolean(_ node: Int, _ key: String) -> Bool? {
    guard let scalar = scalar(node, "`\(key)`") else { return nil }
    let text = tape.string(scalar)
    switch text {
    case "true": return true
    case "false": return false
    default:
      report(.badBoolean, at: node, "`\(key)` is `true` or `false`, and \(text.quoted) is neither.") {
        switch text.lowercased() {
        case "true", "yes", "on", "y", "1": "Write `true`."
        case "false", "no", "off", "n", "0": "Write `false`."
        default: "Write one of the two, in small letters."
        }
      }
      return nil
    }
  }

  // MARK: Words

  /// One of a few words.
  func word<Value>(_ node: Int, _ key: String, _ choices: [(word: String, value: Value)]) -> Value? {
    guard let scalar = scalar(node, "`\(key)`") else { return nil }
    let text = tape.string(scalar)
    if let choice = choices.first(where: { $0.word == text }) { return choice.value }
    let words = choices.map(\.word)
    report(.unknownWord, at: node, "\(text.quoted.capitalizedFirst) is not a value of `\(key)`.") {
      advice(on: text, as: .value(of: key), among: words)?.help
        ?? "It is one of \(words.map { "`\($0)`" }.joined(separator: ", "))."
    }
    return nil
  }

  // MARK: Interfaces

  /// The name of a network interface.
  func interface(_ node: Int) -> String? {
    guard let scalar = scalar(node, "`interface`") else { return nil }
    let text = tape.string(scalar)
    guard InterfaceName.isValid(text) else {
      report(.badInterface, at: node, "\(text.quoted.capitalizedFirst) cannot be the name of a network interface.") {
        text.utf8.contains(UInt8(ascii: ":"))
          ? "Name the interface without the part after the colon; a label has its own key in `vips`."
          : "An interface has 1 to 15 characters without blanks, `/` and `:`, as `ip link` shows it."
      }
      return nil
    }
    return text
  }

  // MARK: Addresses

  /// An IPv4 or IPv6 address without prefix, port or zone.
  func address(_ node: Int, _ key: String, prefixed: PrefixedPlace = .machine) -> IPAddress? {
    guard let scalar = scalar(node, "`\(key)`") else { return nil }
    let text = tape.string(scalar)
    if let address = IPAddress(text) { return address }
    reportBadAddress(text, key, at: place(of: node), faults, prefixed: prefixed)
    return nil
  }

  /// Whether an address can be one machine's; reported where not.
  func checkUsable(_ address: IPAddress, at node: Int, as what: String, linkLocal: Bool) -> Bool {
    guard let kind = unusableKind(of: address, linkLocal: linkLocal) else { return true }
    reportUnusable(address, kind, at: place(of: node), as: what, faults)
    return false
  }
}

/// A scalar read as a whole number in decimal digits.
enum DecimalNumber {
  case value(Int)
  case tooLarge
  case negative
  /// Not such a number; the number that may be meant, where there is one.
  case malformed(meant: Int?)

  init(_ bytes: ArraySlice<UInt8>) {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    guard let first = bytes.first, bytes.allSatisfy(digits.contains) else {
      let isNegative =
        bytes.first == UInt8(ascii: "-") && bytes.count > 1 && bytes.dropFirst().allSatisfy(digits.contains)
      self = isNegative ? .negative : .malformed(meant: Self.meant(by: String(decoding: bytes, as: UTF8.self)))
      return
    }
    guard first != digits.lowerBound || bytes.count == 1 else {
      self = .malformed(meant: Int(String(decoding: bytes, as: UTF8.self)))
      return
    }
    guard bytes.count <= 18 else {
      self = .tooLarge
      return
    }
    self = .value(bytes.reduce(0) { $0 * 10 + Int($1 - digits.lowerBound) })
  }

  private static func meant(by text: String) -> Int? {
    guard text.utf8.count <= 20 else { return nil }
    let plain = text.lowercased().filter { $0 != "_" }
    if plain.hasPrefix("0x") { return Int(plain.dropFirst(2), radix: 16) }
    if plain.hasPrefix("0o") { return Int(plain.dropFirst(2), radix: 8) }
    if plain.hasPrefix("0b") { return Int(plain.dropFirst(2), radix: 2) }
    return Int(plain)
  }
}

/// Where an address with its prefix length may have been written, and what to write there.
enum PrefixedPlace {
  /// The address of a machine, whose prefix length is none of the file's business.
  case machine
  /// The address of an entry of `vips`.
  case listedVIP
  /// The VIP of a service.
  case serviceVIP

  /// What to write; nil where the text is no address with a prefix length.
  func help(for text: String) -> Message? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPAddress(String(parts[0])), let length = UInt8(parts[1]),
      KeyRange.prefix(address.family).contains(Int(length))
    else { return nil }
    if self == .machine || length == address.family.hostPrefixLength { return "Write `\(address)`, the address alone." }
    if self == .listedVIP { return "Write `address: \(address), prefix: \(length)`." }
    return "Write `\(address)` here, and `vips: [{ address: \(address), prefix: \(length) }]` for its prefix length."
  }
}

/// What to do about a text that is no address.
enum AddressAdvice {
  static func help(for text: String) -> Message {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    if text.utf8.contains(UInt8(ascii: "/")) { return "Leave out the prefix length after the `/`." }
    if text.utf8.contains(UInt8(ascii: "%")) { return "Leave out the zone after the `%`." }
    if parts.count == 4, parts.last?.utf8.contains(UInt8(ascii: ":")) == true {
      return "Leave out the port; it has its own key."
    }
    if text.hasPrefix("[") { return "Leave out the brackets." }
    let isNumbers = parts.allSatisfy {
      !$0.isEmpty && $0.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
    }
    if isNumbers, parts.count != 4 {
      return "An IPv4 address has four numbers with dots between them, as in `192.168.147.4`."
    }
    if isNumbers, parts.contains(where: { $0.count > 1 && $0.hasPrefix("0") }) {
      return "Write the numbers without zeros in front; some programs read those as octal."
    }
    if isNumbers { return "Each number of an IPv4 address is at most 255." }
    return "Write an address such as `192.168.147.4` or `2001:db8::4`; host names are not looked up."
  }
}
