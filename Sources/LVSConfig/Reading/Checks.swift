import LVSModel
import LVSText

/// `check`, of a service and of a real server in it.
extension ClusterFileReader {
  /// One check, or a list of them; those that are faulty or repeated are reported and left out.
  func checks(_ node: Int) -> ChecksDraft? {
    shared(\.sharedChecks, node) { node in
      let resolved = tape.resolved(node)
      if tape[resolved].kind == .sequence, tape[resolved].count > KeyRange.checks.upperBound {
        report(
          .tooManyEntries, at: node,
          "The list of checks has \(Int(tape[resolved].count)), and \(KeyRange.checks.upperBound) fit."
        ) {
          "Let one program ask several things: `{ type: exec, command: [/usr/local/bin/check-web] }`."
        }
        return nil
      }
      let read = list(node, "checks", "check") { element in
        check(element).map { (check: $0, place: place(of: element)) }
      }
      guard let read else { return nil }
      var found: [Check: Place] = [:]
      let apart = read.filter { check, place in
        guard let first = found.updateValue(place, forKey: check) else { return true }
        found[check] = first
        faults.report(
          .repeatedValue, at: place, "The same check is in this list already, on line \(faults.line(of: first))."
        ) {
          "Keep it once."
        }
        return false
      }
      guard !apart.isEmpty else { return nil }
      // Services that write the same checks out hold one array of them.
      let checks = knownChecks.insert(apart.map(\.check)).memberAfterInsert
      return ChecksDraft(checks, at: apart.map(\.place))
    }
  }

  private func check(_ node: Int) -> Check? {
    let resolved = tape.resolved(node)
    guard tape[resolved].kind == .mapping else {
      switch word(node, "check", CheckType.words) {
      case .tcp: return Check(.tcp)
      case .http: return Check(.http(HTTPCheck()))
      case .https: return Check(.http(HTTPCheck(isSecure: true)))
      case .udp: return Check(.udp(UDPCheck()))
      case .exec:
        report(.missingKey, at: node, "A check by `exec` needs the key `command`.") { Self.commandHelp }
        return nil
      case nil: return nil
      }
    }
    let fields = keyedNodes(of: resolved, CheckKey.self)
    let help: Message = "Write `type: http`, or `tcp`, `https`, `udp` or `exec` in its place."
    let type = required(.type, in: fields, help: help).flatMap { word($0, "type", CheckType.words) }
    // Of a type that is not known, what belongs to one of them is still looked at.
    if let type { checkKeys(fields, of: type) }
    let http = httpCheck(fields, isSecure: type == .https)
    let udp = udpCheck(fields)
    let command = command(fields, isRequired: type == .exec)
    var isWhole = type != nil
    /// A value that is said; what is faulty makes the check so.
    func read<Value>(_ key: CheckKey, _ value: (Int) -> Value?) -> Value? {
      guard let node = fields[key] else { return nil }
      let found = value(node)
      if found == nil { isWhole = false }
      return found
    }
    func number(_ key: CheckKey, _ range: ClosedRange<Int>) -> Int? {
      read(key) { integer($0, key.rawValue, in: range) }
    }
    let port = number(.port, KeyRange.port).map { UInt16($0) }
    let address = read(.address) { checkAddress($0) }
    func time(_ key: CheckKey, _ range: ClosedRange<Int>) -> Int? {
      read(key) { seconds($0, key.rawValue, in: range) }
    }
    let interval = time(.interval, KeyRange.checkInterval) ?? Check.standardInterval
    let timeout = time(.timeout, KeyRange.checkTimeout) ?? Check.standardTimeout
    let fall = number(.fall, KeyRange.checkCount) ?? Check.standardFall
    let rise = number(.rise, KeyRange.checkCount) ?? Check.standardRise
    let means: CheckMeans? =
      switch type {
      case .tcp: .tcp
      case .http, .https: http.map(CheckMeans.http)
      case .udp: udp.map(CheckMeans.udp)
      case .exec: command.map(CheckMeans.exec)
      case nil: nil
      }
    guard let means, isWhole else { return nil }
    return Check(means, address: address, port: port, interval: interval, timeout: timeout, fall: fall, rise: rise)
  }

  /// A key belongs to its types.
  private func checkKeys(_ fields: KeyedNodes<CheckKey>, of type: CheckType) {
    for key in CheckKey.allCases {
      guard let types = key.types, !types.contains(type), fields[key] != nil, let node = fields.keyNode(key) else {
        continue
      }
      let words = types.map { "`type: \($0.rawValue)`" }.joined(separator: " or ")
      report(.checkOption, at: node, "A check of the type `\(type.rawValue)` has no `\(key.rawValue)`.") {
        "Leave it out, or write \(words)."
      }
    }
  }

  /// The address that is asked: any that one can connect to.
  private func checkAddress(_ node: Int) -> IPAddress? {
    guard let address = address(node, "address") else { return nil }
    guard address.isLoopback || checkUsable(address, at: node, as: "a check", linkLocal: address.family == .ipv4) else {
      return nil
    }
    return address
  }

  // MARK: HTTP

  private func httpCheck(_ fields: KeyedNodes<CheckKey>, isSecure: Bool) -> HTTPCheck? {
    var http = HTTPCheck(isSecure: isSecure)
    var isWhole = true
    func read<Value>(_ key: CheckKey, _ value: (Int) -> Value?) -> Value? {
      guard let node = fields[key] else { return nil }
      let found = value(node)
      if found == nil { isWhole = false }
      return found
    }
    http.path = read(.path) { path($0) } ?? http.path
    http.host = read(.host) { hostName($0) }
    http.status = read(.status) { statuses($0) } ?? http.status
    http.body = read(.body) { text($0, .body) }
    http.verifies = read(.verify) { boolean($0, "verify") } ?? http.verifies
    if isSecure, http.verifies, fields[.host] == nil, let node = fields[.verify] {
      report(.checkOption, at: node, "`verify` needs the name that the certificate has to be for.") {
        "Add `host: www.example.com`, or leave `verify` out."
      }
      return nil
    }
    return isWhole ? http : nil
  }

  /// The target of a request (RFC 9112, 3.2.1): it goes onto the first line as it is.
  private func path(_ node: Int) -> String? {
    guard let scalar = scalar(node, "`path`") else { return nil }
    let text = tape.string(scalar)
    let isPath =
      text.utf8.first == UInt8(ascii: "/")
      && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "#") }
      && KeyRange.text.contains(Int(tape[scalar].count))
    guard isPath else {
      report(.badPath, at: node, "\(text.quoted.capitalizedFirst) cannot be the path of a request.") {
        if text.utf8.first != UInt8(ascii: "/"), text.utf8.contains(UInt8(ascii: ":")) {
          return "Write the path alone, as in `/healthz`; the name and the port have keys of their own."
        }
        if text.utf8.contains(UInt8(ascii: "#")) {
          return "Leave out what follows the `#`, which no request carries; as part of a name it is `%23`."
        }
        return
          "It begins with `/`, has \(KeyRange.text.upperBound) bytes at most and no blanks, and what is not ASCII is "
          + "written as in `%C3%A9`."
      }
      return nil
    }
    return text
  }

  /// A name as RFC 1123 has it, and `_`, which names within a network have too.
  private func hostName(_ node: Int) -> String? {
    guard let scalar = scalar(node, "`host`") else { return nil }
    let text = tape.string(scalar)
    let isName =
      tape[scalar].count <= 253
      && text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
          && label.allSatisfy(Self.isOfHostName)
      }
    guard isName else {
      report(.badHost, at: node, "\(text.quoted.capitalizedFirst) cannot be the name of a host.") {
        text.utf8.contains(UInt8(ascii: ":"))
          ? "Write the name alone, as in `www.example.com`; a port has its own key."
          : "Write a name such as `www.example.com`: letters of ASCII, digits, `-` and `_` between dots."
      }
      return nil
    }
    return text
  }

  private static func isOfHostName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// A status, or a range of them.
  private struct StatusRange: ListedRange {
    var lower: Int
    var upper: Int
    var place: Place
  }

  private func statuses(_ node: Int) -> [ClosedRange<Int>]? {
    var isWhole = true
    let ranges = list(node, "statuses", "status") { node in
      let range = statusRange(node)
      if range == nil { isWhole = false }
      return range
    }
    guard let ranges, isWhole else { return nil }
    return apart(ranges, "status", faults) { "The status \($0)" }.map { $0.lower...$0.upper }
  }

  private func statusRange(_ node: Int) -> StatusRange? {
    guard let scalar = scalar(node, "`status`") else { return nil }
    let bounds = KeyRange.status
    let help: Message = "Write a status such as `200`, a range such as `200-299`, or a list of them."
    switch range(
      scalar, at: node, of: "statuses", within: bounds, backwards: .badStatus, beyond: .badStatus, help: { help })
    {
    case .ends(let lower, let upper): return StatusRange(lower: lower, upper: upper, place: place(of: node))
    case .faulty: return nil
    case .absent: break
    }
    guard case .value(let status) = DecimalNumber(tape.bytes(scalar)), bounds.contains(status) else {
      let text = tape.string(scalar).quoted.capitalizedFirst
      report(.badStatus, at: node, "\(text) is no status from \(bounds.lowerBound) to \(bounds.upperBound).") { help }
      return nil
    }
    return StatusRange(lower: status, upper: status, place: place(of: node))
  }

  // MARK: UDP

  private func udpCheck(_ fields: KeyedNodes<CheckKey>) -> UDPCheck? {
    let (send, expect) = (fields[.send], fields[.expect])
    let udp = UDPCheck(
      send: send.flatMap { text($0, .send, mayHaveControls: true) },
      expect: expect.flatMap { text($0, .expect, mayHaveControls: true) })
    return (send == nil) == (udp.send == nil) && (expect == nil) == (udp.expect == nil) ? udp : nil
  }

  /// A text that is sent or looked for.
  private func text(_ node: Int, _ key: CheckKey, mayHaveControls: Bool = false) -> String? {
    guard let scalar = scalar(node, "`\(key.rawValue)`", mayHaveControls: mayHaveControls) else { return nil }
    let range = KeyRange.text
    let length = Int(tape[scalar].count)
    guard range.contains(length) else {
      let found: Message = length == 0 ? "is empty" : "has \(length) bytes, and \(range.upperBound) fit"
      report(.badText, at: node, "The text of `\(key.rawValue)` \(found).") {
        length == 0 ? "Leave the key out for no text." : "A part of it that nothing else has will do."
      }
      return nil
    }
    return tape.string(scalar)
  }

  // MARK: Programs

  private static let commandHelp: Message =
    "Write `check: { type: exec, command: [/usr/local/bin/check-web, --quick] }`."

  private func command(_ fields: KeyedNodes<CheckKey>, isRequired: Bool) -> [String]? {
    guard let node = fields[.command] else {
      guard isRequired, !fields.misspelt.contains(.command) else { return nil }
      report(.missingKey, at: fields.node, "A check by `exec` needs the key `command`.") { Self.commandHelp }
      return nil
    }
    let help: Message = "Write its words as a list: no shell takes them apart."
    guard let list = sequence(node, "`command`", help: { help }) else { return nil }
    let count = Int(tape[list].count)
    guard KeyRange.commandWords.contains(count) else {
      let found: Message = count == 0 ? "is empty" : "has \(count) words, and \(KeyRange.commandWords.upperBound) fit"
      report(.badCommand, at: node, "The list `command` \(found).") {
        count == 0
          ? "Give the path of a program at least, as in `[/usr/local/bin/check-web]`."
          : "Put what the program needs to know into a file that it reads."
      }
      return nil
    }
    var words: [String] = []
    var isWhole = true
    var isFirst = true
    tape.forEachElement(of: list) { element in
      defer { isFirst = false }
      guard let scalar = scalar(element, "a word of `command`") else {
        isWhole = false
        return
      }
      guard KeyRange.commandWord.contains(Int(tape[scalar].count)) else {
        isWhole = false
        report(
          .badCommand, at: element,
          "This word has \(Int(tape[scalar].count)) bytes, and \(KeyRange.commandWord.upperBound) fit."
        ) {
          "Put it into a file that the program reads."
        }
        return
      }
      let word = tape.string(scalar)
      words.append(word)
      guard isFirst, word.utf8.first != UInt8(ascii: "/") || word == "/" else { return }
      isWhole = false
      report(.badCommand, at: element, "\(word.quoted.capitalizedFirst) is not the absolute path of a program.") {
        word.utf8.contains(UInt8(ascii: " "))
          ? "Write each word as an element of the list, the path of the program first."
          : "Write where it is, as in `/usr/local/bin/check-web`: programs are not looked for."
      }
    }
    return isWhole ? words : nil
  }
}
