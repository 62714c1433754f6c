/// The kinds of fault a cluster file can have; the raw value is the code users see.
package enum FaultCode: String, Sendable, CaseIterable {
  // The text.
  /// The text is not YAML.
  case syntax
  /// The bytes are not UTF-8.
  case notUTF8 = "not-utf8"
  /// A character that does not print.
  case controlCharacter = "control-character"
  /// Nothing but blanks and comments.
  case emptyFile = "empty-file"
  /// More than one YAML document.
  case severalDocuments = "several-documents"
  /// A YAML tag.
  case tag
  /// A YAML 1.1 merge key.
  case mergeKey = "merge-key"
  /// An alias without an anchor.
  case unknownAlias = "unknown-alias"
  /// An alias inside its own anchor.
  case aliasLoop = "alias-loop"
  /// Aliases that unfold to too much.
  case aliasExpansion = "alias-expansion"
  /// Nesting beyond any cluster file's.
  case tooDeep = "too-deep"
  /// More values than the program takes.
  case tooLarge = "too-large"

  // Keys and forms.
  /// A key the place does not have.
  case unknownKey = "unknown-key"
  /// A key twice in one map.
  case repeatedKey = "repeated-key"
  /// A required key that is not there.
  case missingKey = "missing-key"
  /// A key without a value, or an empty list where one element is needed.
  case missingValue = "missing-value"
  /// A list, map or text where another form is wanted.
  case wrongForm = "wrong-form"

  // Values.
  /// Not a whole number.
  case badNumber = "bad-number"
  /// A number outside its range.
  case outOfRange = "out-of-range"
  /// Neither true nor false.
  case badBoolean = "bad-boolean"
  /// A word that is not one of a few.
  case unknownWord = "unknown-word"
  /// Not an IPv4 or IPv6 address.
  case badAddress = "bad-address"
  /// An address that cannot serve where it stands.
  case unusableAddress = "unusable-address"
  /// Not a port or a range of ports.
  case badPort = "bad-port"
  /// Not a netmask or prefix length of the service's family.
  case badNetmask = "bad-netmask"
  /// A name that cannot be one.
  case badName = "bad-name"
  /// A name that is no plain word.
  case unusualName = "unusual-name"
  /// Not an address or a network of `ignore`.
  case badNetwork = "bad-network"
  /// Not a name of a network interface.
  case badInterface = "bad-interface"
  /// Not an address label.
  case badLabel = "bad-label"
  /// Not a sysctl name or value.
  case badSysctl = "bad-sysctl"
  /// A sysctl outside the network's.
  case foreignSysctl = "foreign-sysctl"
  /// The same element twice in a list.
  case repeatedValue = "repeated-value"

  // Names and addresses across the file.
  /// A name nothing has.
  case unknownName = "unknown-name"
  /// A name two things have.
  case repeatedName = "repeated-name"
  /// A pool where a real server is wanted.
  case notARealServer = "not-a-real-server"
  /// An address of two machines.
  case repeatedAddress = "repeated-address"
  /// A VIP listed twice.
  case repeatedVIP = "repeated-vip"
  /// A VIP that belongs to a machine.
  case vipIsRealAddress = "vip-is-real-address"

  // Services.
  /// A service twice.
  case repeatedService = "repeated-service"
  /// A real server twice in a service.
  case repeatedRealServer = "repeated-real-server"
  /// A service that `ignore` leaves alone.
  case ignoredService = "ignored-service"
  /// A loopback address reached by another method than direct routing.
  case localForward = "local-forward"
  /// A firewall mark together with an address, or a family without a mark.
  case fwmarkConflict = "fwmark-conflict"
  /// Port 0 without persistence.
  case portZero = "port-zero"
  /// A real server's port that the forwarding method cannot reach.
  case portMismatch = "port-mismatch"
  /// Families that the kernel cannot forward between.
  case mixedFamilies = "mixed-families"
  /// Scheduler flags the scheduler does not have.
  case schedulerFlag = "scheduler-flag"
  /// One-packet scheduling beyond UDP.
  case onePacket = "one-packet"
  /// A persistence engine for another protocol.
  case persistenceEngine = "persistence-engine"
  /// A tunnel option that the tunnel or the forwarding method does not have.
  case tunnelOption = "tunnel-option"
  /// Thresholds in the wrong order.
  case thresholdOrder = "threshold-order"
  /// More kernel entries than the program takes.
  case tooManyEntries = "too-many-entries"

  // The list of faults itself.
  /// More faults than are shown.
  case tooManyFaults = "too-many-faults"
}
