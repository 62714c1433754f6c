/// What stands behind a key of the cluster file.
public indirect enum KeyValue: Equatable, Sendable {
  /// `true` or `false`.
  case boolean
  /// A whole number.
  case integer(ClosedRange<Int>)
  /// A time in whole seconds: their number, or with units.
  case seconds(ClosedRange<Int>)
  /// One of a few words.
  case word([String])
  /// One of the schedulers that lvsctl knows, or the name of another.
  case scheduler([String])
  /// A name that the file gives here.
  case newName
  /// A name that the file gives elsewhere, to such a thing as a `real server`.
  case name(of: String)
  /// The name of a network interface.
  case interface
  /// The label of an IPv4 address.
  case label
  /// An IPv4 or IPv6 address.
  case address
  /// A network of addresses, with its prefix length.
  case network
  /// An IPv4 netmask with dots.
  case netmask
  /// A VIP of a service: an address, a range of them, or a name from `vips`.
  case vip
  /// A port of a service, or a range of them; 0, every port, is in no range.
  case port(ClosedRange<Int>)
  /// A firewall mark, or a range of them.
  case fwmarks(ClosedRange<Int>)
  /// A path of a request over HTTP, of so many bytes.
  case path(ClosedRange<Int>)
  /// The name of a host.
  case hostName
  /// A status of HTTP, or a range of them.
  case statuses(ClosedRange<Int>)
  /// A text of so many bytes.
  case text(ClosedRange<Int>)
  /// A list of so many words, each of so many bytes, an absolute path first.
  case command(words: ClosedRange<Int>, bytes: ClosedRange<Int>)
  /// A map of sysctls to their values.
  case sysctls
  /// A list of at least so many values, each of them once where it is a set.
  case list(KeyValue, atLeast: Int, isSet: Bool)
  /// A map of names that the file gives here.
  case named(KeyValue)
  /// A map with keys of its own.
  case map(FileMap)
  /// One of several forms.
  case anyOf([KeyValue])

  /// A value, or a list of them.
  static func oneOrMore(_ value: KeyValue) -> KeyValue { .anyOf([value, .list(value, atLeast: 1, isSet: true)]) }
}

extension KeyValue {
  /// What to write, in words: `a whole number from 0 to 255`.
  public var text: String {
    switch self {
    case .boolean: "`true` or `false`"
    case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
    case .seconds(let range): "seconds, or a time such as `30s`, from \(range.lowerBound) to \(range.upperBound)"
    case .word(let words): Self.choice(words.map { "`\($0)`" })
    case .scheduler(let words): "\(words.map { "`\($0)`" }.joined(separator: ", ")), or the name of another scheduler"
    case .newName: "a name"
    case .name(let thing): "the name of a \(thing)"
    case .interface: "the name of a network interface"
    case .label: "a label of at most 15 bytes"
    case .address: "an IPv4 or IPv6 address"
    case .network: "a network such as `10.96.0.0/12`"
    case .netmask: "a netmask such as `255.255.255.0`"
    case .vip:
      "an address, a range such as `192.168.147.110-192.168.147.119` or `192.168.147.110-119`, the name of a VIP"
    case .port(let range):
      "a port from \(range.lowerBound) to \(range.upperBound), a range such as `8000-8009`"
    case .fwmarks(let range):
      "a firewall mark from \(range.lowerBound) to \(range.upperBound), a range such as `7-8`"
    case .path(let range): "a path such as `/healthz`, of at most \(range.upperBound) bytes"
    case .hostName: "the name of a host"
    case .statuses(let range):
      "a status from \(range.lowerBound) to \(range.upperBound), a range such as `200-299`"
    case .text(let range): "a text of \(range.lowerBound) to \(range.upperBound) bytes"
    case .command(let words, let bytes):
      "a list of words, the absolute path of a program first, at most \(words.upperBound) of "
        + "\(bytes.upperBound) bytes"
    case .sysctls: "a map of a sysctl's name to its value, or to `keep`"
    case .list(let value, let least, _): "a list of \(value.several)\(least > 0 ? ", at least one" : "")"
    case .named(let value): "a map of names to \(value.several)"
    case .map(let map): "a map of \(map.words)"
    case .anyOf(let values): Self.alternatives(values)
    }
  }

  /// What each of several values is.
  private var several: String {
    switch self {
    case .word(let words): "the words \(Self.choice(words.map { "`\($0)`" }))"
    case .name(let thing): "names of \(thing)s"
    case .address: "addresses"
    case .network: "networks such as `10.96.0.0/12`"
    case .list(let value, _, _): "lists of \(value.several)"
    case .map(let map): "maps of \(map.words)"
    case .anyOf(let values): Self.choice(values.map(\.several))
    default: text
    }
  }

  /// Several forms; a list of one of them is said to be one, and not described a second time.
  private static func alternatives(_ values: [KeyValue]) -> String {
    guard values.count == 2, case .list(values[0], _, _) = values[1] else {
      return values.map(\.text).joined(separator: ", or ")
    }
    return "\(values[0].text), or a list of those"
  }

  private static func choice(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.joined() }
    return "\(words.dropLast().joined(separator: ", ")) or \(last)"
  }
}

extension FileMap {
  /// The words of its keys, for a sentence.
  fileprivate var words: String {
    isDefaults ? "the keys of a service" : keys.map { "`\($0.word)`" }.joined(separator: ", ")
  }

  private var isDefaults: Bool { self == .defaults }
}
