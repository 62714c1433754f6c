import LVSText

/// The kinds of fault that a cluster file can have; the raw value is the code users see, and
/// `lvsctl validate --explain CODE` tells more.
extension FindingCode {
  // The text.
  /// The text is not YAML.
  package static let syntax = Self("syntax")
  /// The bytes are not UTF-8.
  package static let notUTF8 = Self("not-utf8")
  /// A character that does not print.
  package static let controlCharacter = Self("control-character")
  /// Nothing but blanks and comments.
  package static let emptyFile = Self("empty-file")
  /// More than one YAML document.
  package static let severalDocuments = Self("several-documents")
  /// A YAML tag.
  package static let tag = Self("tag")
  /// A YAML 1.1 merge key.
  package static let mergeKey = Self("merge-key")
  /// An alias without an anchor.
  package static let unknownAlias = Self("unknown-alias")
  /// An alias inside its own anchor.
  package static let aliasLoop = Self("alias-loop")
  /// Aliases that unfold to too much.
  package static let aliasExpansion = Self("alias-expansion")
  /// Nesting beyond any cluster file's.
  package static let tooDeep = Self("too-deep")
  /// More values than the program takes.
  package static let tooLarge = Self("too-large")

  // Keys and forms.
  /// A key the place does not have.
  package static let unknownKey = Self("unknown-key")
  /// A key twice in one map.
  package static let repeatedKey = Self("repeated-key")
  /// A required key that is not there.
  package static let missingKey = Self("missing-key")
  /// A key without a value, or an empty list where one element is needed.
  package static let missingValue = Self("missing-value")
  /// A list, map or text where another form is wanted.
  package static let wrongForm = Self("wrong-form")

  // Values.
  /// Not a whole number.
  package static let badNumber = Self("bad-number")
  /// A number outside its range.
  package static let outOfRange = Self("out-of-range")
  /// Neither true nor false.
  package static let badBoolean = Self("bad-boolean")
  /// A word that is not one of a few.
  package static let unknownWord = Self("unknown-word")
  /// Not an IPv4 or IPv6 address.
  package static let badAddress = Self("bad-address")
  /// An address that cannot serve where it stands.
  package static let unusableAddress = Self("unusable-address")
  /// Not a port or a range of ports.
  package static let badPort = Self("bad-port")
  /// Not a netmask or prefix length of the service's family.
  package static let badNetmask = Self("bad-netmask")
  /// A name that cannot be one.
  package static let badName = Self("bad-name")
  /// A name that is no plain word.
  package static let unusualName = Self("unusual-name")
  /// Not an address or a network of `ignore`.
  package static let badNetwork = Self("bad-network")
  /// Not a name of a network interface.
  package static let badInterface = Self("bad-interface")
  /// Not an address label.
  package static let badLabel = Self("bad-label")
  /// Not a sysctl name or value.
  package static let badSysctl = Self("bad-sysctl")
  /// A sysctl outside the network's.
  package static let foreignSysctl = Self("foreign-sysctl")
  /// The same element twice in a list.
  package static let repeatedValue = Self("repeated-value")

  // Names and addresses across the file.
  /// A name nothing has.
  package static let unknownName = Self("unknown-name")
  /// A name two things have.
  package static let repeatedName = Self("repeated-name")
  /// A pool where a real server is wanted.
  package static let notARealServer = Self("not-a-real-server")
  /// An address of two machines.
  package static let repeatedAddress = Self("repeated-address")
  /// A VIP listed twice.
  package static let repeatedVIP = Self("repeated-vip")
  /// A VIP that belongs to a machine.
  package static let vipIsRealAddress = Self("vip-is-real-address")

  // Services.
  /// A service twice.
  package static let repeatedService = Self("repeated-service")
  /// A real server twice in a service.
  package static let repeatedRealServer = Self("repeated-real-server")
  /// A service that `ignore` leaves alone.
  package static let ignoredService = Self("ignored-service")
  /// A loopback address reached by another method than direct routing.
  package static let localForward = Self("local-forward")
  /// A firewall mark together with an address, or a family without a mark.
  package static let fwmarkConflict = Self("fwmark-conflict")
  /// Port 0 without persistence.
  package static let portZero = Self("port-zero")
  /// A real server's port that the forwarding method cannot reach.
  package static let portMismatch = Self("port-mismatch")
  /// Families that the kernel cannot forward between.
  package static let mixedFamilies = Self("mixed-families")
  /// Scheduler flags the scheduler does not have.
  package static let schedulerFlag = Self("scheduler-flag")
  /// One-packet scheduling beyond UDP.
  package static let onePacket = Self("one-packet")
  /// A persistence engine for another protocol.
  package static let persistenceEngine = Self("persistence-engine")
  /// A tunnel option that the tunnel or the forwarding method does not have.
  package static let tunnelOption = Self("tunnel-option")
  /// Thresholds in the wrong order.
  package static let thresholdOrder = Self("threshold-order")
  /// More kernel entries than the program takes.
  package static let tooManyEntries = Self("too-many-entries")

  // The list of faults itself.
  /// More faults than are shown.
  package static let tooManyFaults = Self("too-many-faults")

  /// All of them, in this order.
  package static let faults: [Self] = [
    .syntax, .notUTF8, .controlCharacter, .emptyFile, .severalDocuments, .tag, .mergeKey, .unknownAlias,
    .aliasLoop, .aliasExpansion, .tooDeep, .tooLarge, .unknownKey, .repeatedKey, .missingKey, .missingValue,
    .wrongForm, .badNumber, .outOfRange, .badBoolean, .unknownWord, .badAddress, .unusableAddress, .badPort,
    .badNetmask, .badName, .unusualName, .badNetwork, .badInterface, .badLabel, .badSysctl, .foreignSysctl,
    .repeatedValue, .unknownName, .repeatedName, .notARealServer, .repeatedAddress, .repeatedVIP,
    .vipIsRealAddress, .repeatedService, .repeatedRealServer, .ignoredService, .localForward, .fwmarkConflict,
    .portZero, .portMismatch, .mixedFamilies, .schedulerFlag, .onePacket, .persistenceEngine, .tunnelOption,
    .thresholdOrder, .tooManyEntries, .tooManyFaults,
  ]
}
