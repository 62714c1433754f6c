import LVSText

/// The kinds of fault that a cluster file can have; the raw value is the code users see, and
/// `lvsctl validate --explain CODE` tells more.
extension FindingCode {
  // The text.
  /// The text is not YAML.
  public static let syntax = Self("syntax")
  /// The bytes are not UTF-8.
  public static let notUTF8 = Self("not-utf8")
  /// A character that does not print.
  public static let controlCharacter = Self("control-character")
  /// Nothing but blanks and comments.
  public static let emptyFile = Self("empty-file")
  /// More than one YAML document.
  public static let severalDocuments = Self("several-documents")
  /// A YAML tag.
  public static let tag = Self("tag")
  /// A YAML 1.1 merge key.
  public static let mergeKey = Self("merge-key")
  /// An alias without an anchor.
  public static let unknownAlias = Self("unknown-alias")
  /// An alias inside its own anchor.
  public static let aliasLoop = Self("alias-loop")
  /// Aliases that unfold to too much.
  public static let aliasExpansion = Self("alias-expansion")
  /// Nesting beyond any cluster file's.
  public static let tooDeep = Self("too-deep")
  /// More values than the program takes.
  public static let tooLarge = Self("too-large")

  // Keys and forms.
  /// A key the place does not have.
  public static let unknownKey = Self("unknown-key")
  /// A key twice in one map.
  public static let repeatedKey = Self("repeated-key")
  /// A required key that is not there.
  public static let missingKey = Self("missing-key")
  /// A key without a value, or an empty list where one element is needed.
  public static let missingValue = Self("missing-value")
  /// A list, map or text where another form is wanted.
  public static let wrongForm = Self("wrong-form")

  // Values.
  /// Not a whole number.
  public static let badNumber = Self("bad-number")
  /// A number outside its range.
  public static let outOfRange = Self("out-of-range")
  /// Neither true nor false.
  public static let badBoolean = Self("bad-boolean")
  /// A word that is not one of a few.
  public static let unknownWord = Self("unknown-word")
  /// Not an IPv4 or IPv6 address.
  public static let badAddress = Self("bad-address")
  /// An address that cannot serve where it stands.
  public static let unusableAddress = Self("unusable-address")
  /// Not a port or a range of ports.
  public static let badPort = Self("bad-port")
  /// Not a netmask or prefix length of the service's family.
  public static let badNetmask = Self("bad-netmask")
  /// A name that cannot be one.
  public static let badName = Self("bad-name")
  /// A name that is no plain word.
  public static let unusualName = Self("unusual-name")
  /// Not an address or a network of `ignore`.
  public static let badNetwork = Self("bad-network")
  /// Not a name of a network interface.
  public static let badInterface = Self("bad-interface")
  /// Not an address label.
  public static let badLabel = Self("bad-label")
  /// Not a sysctl name or value.
  public static let badSysctl = Self("bad-sysctl")
  /// A sysctl outside the network's.
  public static let foreignSysctl = Self("foreign-sysctl")
  /// Not a path of a request.
  public static let badPath = Self("bad-path")
  /// Not a name of a host.
  public static let badHost = Self("bad-host")
  /// Not a status of HTTP or a range of them.
  public static let badStatus = Self("bad-status")
  /// A text that is empty, or longer than a check takes.
  public static let badText = Self("bad-text")
  /// Not a program with its arguments.
  public static let badCommand = Self("bad-command")
  /// The same element twice in a list.
  public static let repeatedValue = Self("repeated-value")

  // Names and addresses across the file.
  /// A name nothing has.
  public static let unknownName = Self("unknown-name")
  /// A name two things have.
  public static let repeatedName = Self("repeated-name")
  /// A pool where a real server is wanted.
  public static let notARealServer = Self("not-a-real-server")
  /// An address of two machines.
  public static let repeatedAddress = Self("repeated-address")
  /// A VIP listed twice.
  public static let repeatedVIP = Self("repeated-vip")
  /// A VIP that belongs to a machine.
  public static let vipIsRealAddress = Self("vip-is-real-address")

  /// A VIP that VRRP moves and another is to hold.
  public static let vrrpConflict = Self("vrrp-conflict")
  /// VRRP without an address to move.
  public static let vrrpWithoutVIP = Self("vrrp-without-vip")
  /// A director that VRRP cannot send to.
  public static let vrrpAddress = Self("vrrp-address")

  // Services.
  /// A service twice.
  public static let repeatedService = Self("repeated-service")
  /// A real server twice in a service.
  public static let repeatedRealServer = Self("repeated-real-server")
  /// A service that `ignore` leaves alone.
  public static let ignoredService = Self("ignored-service")
  /// A loopback address reached by another method than direct routing.
  public static let localForward = Self("local-forward")
  /// A firewall mark together with an address, or a family without a mark.
  public static let fwmarkConflict = Self("fwmark-conflict")
  /// Port 0 without persistence.
  public static let portZero = Self("port-zero")
  /// A real server's port that the forwarding method cannot reach.
  public static let portMismatch = Self("port-mismatch")
  /// Families that the kernel cannot forward between.
  public static let mixedFamilies = Self("mixed-families")
  /// Scheduler flags the scheduler does not have.
  public static let schedulerFlag = Self("scheduler-flag")
  /// One-packet scheduling beyond UDP.
  public static let onePacket = Self("one-packet")
  /// A persistence engine for another protocol.
  public static let persistenceEngine = Self("persistence-engine")
  /// A tunnel option that the tunnel or the forwarding method does not have.
  public static let tunnelOption = Self("tunnel-option")
  /// Thresholds in the wrong order.
  public static let thresholdOrder = Self("threshold-order")
  /// A key that the type of a check does not have, or that needs another.
  public static let checkOption = Self("check-option")
  /// A check without a port to ask.
  public static let checkPort = Self("check-port")
  /// Health of a service that is another program's.
  public static let othersHealth = Self("others-health")
  /// A quorum beyond the real servers.
  public static let quorumTooLarge = Self("quorum-too-large")
  /// A fallback with weight 0.
  public static let fallbackWeight = Self("fallback-weight")
  /// More kernel entries than the program takes.
  public static let tooManyEntries = Self("too-many-entries")

  // The list of faults itself.
  /// More faults than are shown.
  public static let tooManyFaults = Self("too-many-faults")

  /// All of them, in this order.
  public static let faults: [Self] = [
    .syntax, .notUTF8, .controlCharacter, .emptyFile, .severalDocuments, .tag, .mergeKey, .unknownAlias,
    .aliasLoop, .aliasExpansion, .tooDeep, .tooLarge, .unknownKey, .repeatedKey, .missingKey, .missingValue,
    .wrongForm, .badNumber, .outOfRange, .badBoolean, .unknownWord, .badAddress, .unusableAddress, .badPort,
    .badNetmask, .badName, .unusualName, .badNetwork, .badInterface, .badLabel, .badSysctl, .foreignSysctl,
    .badPath, .badHost, .badStatus, .badText, .badCommand, .repeatedValue, .unknownName, .repeatedName, .notARealServer,
    .repeatedAddress, .repeatedVIP,
    .vipIsRealAddress, .vrrpConflict, .vrrpWithoutVIP, .vrrpAddress, .repeatedService, .repeatedRealServer,
    .ignoredService, .localForward, .fwmarkConflict,
    .portZero, .portMismatch, .mixedFamilies, .schedulerFlag, .onePacket, .persistenceEngine, .tunnelOption,
    .thresholdOrder, .checkOption, .checkPort, .othersHealth, .quorumTooLarge, .fallbackWeight, .tooManyEntries,
    .tooManyFaults,
  ]
}
