import LVSModel

enum CheckKey: String, FileKey {
  case type, path, host, status, body, verify, send, expect, command, port, address, interval, timeout, fall, rise
  static let owner = "`check`"
  static let byWord = table()
  var isRequired: Bool { self == .type }

  /// The types that have the key, where not all do.
  var types: [CheckType]? {
    switch self {
    case .path, .host, .status, .body: [.http, .https]
    case .verify: [.https]
    case .send, .expect: [.udp]
    case .command: [.exec]
    case .type, .port, .address, .interval, .timeout, .fall, .rise: nil
    }
  }

  var meaning: KeyMeaning {
    switch self {
    case .type:
      KeyMeaning(
        .word(CheckType.allCases.map(\.rawValue)),
        "How the real server is asked: by a TCP connection, a request over HTTP or HTTPS, a datagram, or a program.")
    case .path:
      KeyMeaning(
        .path(KeyRange.text), default: HTTPCheck().path, "What `http` and `https` ask for, with its query if any.")
    case .host:
      KeyMeaning(
        .hostName, absent: "the address",
        "The name for `Host:` of `http` and `https`, and for TLS; it is never looked up.")
    case .status:
      KeyMeaning(
        .oneOrMore(.statuses(KeyRange.status)), default: HTTPCheck().status.map(\.fileText).joined(),
        "The statuses that pass `http` and `https`; a redirection is not followed.")
    case .body:
      KeyMeaning(.text(KeyRange.text), absent: "any body will do", "What the body has to contain.")
    case .verify:
      KeyMeaning(
        .boolean, default: "false",
        "Whether the certificate of `https` has to be one that this machine trusts, for the name `host`.")
    case .send:
      KeyMeaning(
        .text(KeyRange.text), absent: "an empty datagram",
        "What `udp` sends, in double quotes with YAML's escapes such as `\\0` or `\\r\\n`.")
    case .expect:
      KeyMeaning(
        .text(KeyRange.text), absent: "any answer, or with no `send` either that no ICMP error comes back",
        "What the answer has to contain, with the same escapes.")
    case .command:
      KeyMeaning(
        .command(words: KeyRange.commandWords, bytes: KeyRange.commandWord), absent: "none, required with `exec`",
        "The program of `exec` and its arguments, run without a shell; it passes by ending with 0.")
    case .port:
      KeyMeaning(.integer(KeyRange.port), absent: "the real server's", "The port that is asked.")
    case .address: KeyMeaning(.address, absent: "the real server's", "The address that is asked.")
    case .interval:
      KeyMeaning(
        .seconds(KeyRange.checkInterval), default: "\(Check.standardInterval)",
        "The time from one question to the next."
      )
    case .timeout:
      KeyMeaning(
        .seconds(KeyRange.checkTimeout), default: "\(Check.standardTimeout)",
        "The time within which the answer has to be there.")
    case .fall:
      KeyMeaning(
        .integer(KeyRange.checkCount), default: "\(Check.standardFall)",
        "Failures in a row that take a real server out.")
    case .rise:
      KeyMeaning(
        .integer(KeyRange.checkCount), default: "\(Check.standardRise)", "Passes in a row that bring it back.")
    }
  }
}

/// The words of `type`.
enum CheckType: String, CaseIterable {
  case tcp, http, https, udp, exec

  /// Those that a mere word says whole: a program needs its command.
  static let alone: [CheckType] = [.tcp, .http, .https, .udp]

  /// The words, for the reader of one.
  static let words: [(word: String, value: CheckType)] = allCases.map { ($0.rawValue, $0) }
}

extension ClosedRange<Int> {
  /// The range as the file has it: `200-299`, or `200` alone.
  var fileText: String { lowerBound == upperBound ? "\(lowerBound)" : "\(lowerBound)-\(upperBound)" }
}

extension KeyMeaning {
  /// `check`, of a service and of a real server in it.
  static func check(absent words: String, _ help: String) -> KeyMeaning {
    KeyMeaning(
      .oneOrMore(.anyOf([.word(CheckType.alone.map(\.rawValue)), .map(.check)])), absent: words, help)
  }
}
